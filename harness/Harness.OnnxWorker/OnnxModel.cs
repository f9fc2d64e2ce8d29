using Harness.Datasets;
using Harness.OnnxWorker.Counting;
using Harness.OnnxWorker.Inputs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker;

/// <summary>Answers of a loaded network: the class with the largest output.</summary>
/// <param name="scaling">Null where values go in as they are stored.</param>
sealed class OnnxModel<TSample, TInput>(OnnxSession session, Scaling? scaling, OutputKind output, OperationCounter counter)
    : IModel<TSample, ClassPrediction>
    where TInput : INetworkInput<TSample>
{
    const double ProbabilitySlack = 1e-3;

    public Footprint Footprint => counter.Footprint;

    // One call for the batch where the network takes one, else sample by sample.
    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<TSample> batch)
    {
        var shape = TInput.Shape(batch[0]);
        if (session.InputShape[0] == OnnxSession.Any && batch.All(sample => TInput.Shape(sample).SequenceEqual(shape)))
            return Answers(batch, shape);
        return [.. batch.SelectMany(sample => Answers([sample], TInput.Shape(sample)))];
    }

    /// <exception cref="UnsupportedException">The network has operators whose work is not counted; the message names them.</exception>
    public OperationCounts Count(IReadOnlyList<TSample> batch)
    {
        var counted = batch.GroupBy(sample => string.Join('x', TInput.Shape(sample))).Select(alike =>
        {
            using var input = InputOf([alike.First()], TInput.Shape(alike.First()));
            return (Layers: counter.Count(session.Input, input), Share: (double)alike.Count() / batch.Count);
        }).ToList();
        return new([.. counted[0].Layers.Select((layer, index) =>
        {
            var macs = counted.Sum(part => part.Layers[index].Macs * part.Share);
            return layer with { Macs = macs, DenseOperations = macs };
        })], batch.Count);
    }

    public void Dispose() => session.Dispose();

    ClassPrediction[] Answers(IReadOnlyList<TSample> batch, int[] shape)
    {
        using var input = InputOf(batch, shape);
        using var outputs = session.Run(input);
        var values = outputs.GetTensorDataAsSpan<float>();
        var classes = values.Length / batch.Count;
        if (classes == 0 || values.Length != classes * batch.Count)
            throw new HarnessException($"The network answered {batch.Count} samples with {values.Length} numbers.");
        var answers = new ClassPrediction[batch.Count];
        for (var sample = 0; sample < answers.Length; sample++) answers[sample] = Answer(values.Slice(sample * classes, classes));
        return answers;
    }

    ClassPrediction Answer(ReadOnlySpan<float> numbers)
    {
        var best = 0;
        for (var at = 0; at < numbers.Length; at++)
        {
            if (!float.IsFinite(numbers[at])) throw new HarnessException($"The network answered with {numbers[at]}.");
            if (numbers[at] > numbers[best]) best = at;
        }
        var sum = 0.0;
        foreach (var number in numbers) sum += output == OutputKind.Logits ? Math.Exp(number - numbers[best]) : number;
        if (output == OutputKind.Logits) return new(best, (float)(1 / sum));
        return Math.Abs(sum - 1) <= ProbabilitySlack ? new(best, numbers[best])
            : throw new HarnessException($"The outputs of a sample sum to {sum:G4}, so they are no probabilities; set output to logits.");
    }

    OrtValue InputOf(IReadOnlyList<TSample> batch, int[] shape)
    {
        var size = shape.Aggregate(1, (product, axis) => product * axis);
        var values = new float[batch.Count * size];
        for (var sample = 0; sample < batch.Count; sample++)
        {
            var part = values.AsSpan(sample * size, size);
            TInput.Write(batch[sample], part);
            scaling?.Apply(part);
        }
        long[] axes = [batch.Count, .. shape];
        return TInput.Element == TensorElementType.Int64
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (long)value), axes)
            : OrtValue.CreateTensorValueFromMemory(values, axes);
    }
}
