using Harness.Datasets.Events;
using Harness.Torch;
using Suites.SpikingTransformers.Networks.Delays;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>Trained detectors as a model. They fire where the evidence is above 0, that is where the class is likelier than not.</summary>
/// <param name="shuffle">Whether the steps of every pixel are put into a random order first.</param>
sealed class MotionModel(MotionNetwork network, DelayEngine engine, bool shuffle, int seed) : IModel<FrameImages, MotionPrediction>
{
    readonly MotionSizes sizes = network.Sizes;
    readonly MotionSynapses synapses = new(network);
    bool disposed;

    public Footprint Footprint { get; } = Size(network);

    // A float32 a weight; where synapses were left out, each of the others has an address of 4 bytes.
    static Footprint Size(MotionNetwork network)
    {
        var (kept, all) = (network.Weight.count_nonzero().item<long>(), network.Weight.numel());
        var parameters = kept + network.Bias.numel();
        return new(parameters, parameters * sizeof(float) + (kept < all ? kept * sizeof(int) : 0), 8 * sizeof(float));
    }

    public IReadOnlyList<MotionPrediction> Predict(IReadOnlyList<FrameImages> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. batch.Select(frames => Answer(Evidence(Seen(frames)), frames.Steps))];
    }

    float[] Evidence(FrameImages frames)
    {
        if (engine == DelayEngine.Events) return synapses.Evidence(frames);
        using var evidence = network.Evidence(frames);
        return evidence.data<float>().ToArray();
    }

    MotionPrediction Answer(float[] evidence, int steps)
    {
        var (votes, means, answers) = (new int[sizes.Classes], new double[sizes.Classes], new int[steps]);
        for (var step = 0; step < steps; step++)
        {
            Array.Clear(means);
            for (var place = 0; place < sizes.Places; place++)
            {
                var here = evidence.AsSpan((step * sizes.Places + place) * sizes.Classes, sizes.Classes);
                votes[Largest(here)]++;
                for (var one = 0; one < here.Length; one++) means[one] += here[one];
            }
            answers[step] = Largest<double>(means);
        }
        return new(Largest<int>(votes), votes, answers);
    }

    static int Largest<T>(ReadOnlySpan<T> values) where T : IComparable<T>
    {
        var best = 0;
        for (var at = 1; at < values.Length; at++)
            if (values[at].CompareTo(values[best]) > 0) best = at;
        return best;
    }

    FrameImages Seen(FrameImages frames)
    {
        if ((frames.Channels, frames.Height, frames.Width) != (sizes.Polarities, sizes.Height, sizes.Width))
            throw new HarnessException($"A recording is [{frames.Channels}, {frames.Height}, {frames.Width}], but the model was made for "
                + $"[{sizes.Polarities}, {sizes.Height}, {sizes.Width}]; give all recordings of a dataset one size.");
        return shuffle ? Shuffled(frames, SampleOrder.Of(frames.Values.Span, seed)) : frames;
    }

    static FrameImages Shuffled(FrameImages frames, SampleOrder chance)
    {
        var from = frames.Values.Span;
        var to = new byte[from.Length];
        var pixels = from.Length / frames.Steps;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var order = chance.Permutation(frames.Steps);
            for (var step = 0; step < frames.Steps; step++) to[step * pixels + pixel] = from[order[step] * pixels + pixel];
        }
        return frames with { Values = to };
    }

    public OperationCounts Count(IReadOnlyList<FrameImages> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        FrameImages[] seen = [.. batch.Select(Seen)];
        var (steps, fired) = (seen.Sum(frames => (long)frames.Steps), 0L);
        foreach (var frames in seen) fired += Evidence(frames).Count(evidence => evidence > 0);
        var events = seen.Sum(frames => (long)frames.Values.Span.Length - frames.Values.Span.Count((byte)0));
        double Mean(double sum) => sum / seen.Length;
        return new(
        [
            new("synapses", "linear", 0, Mean(seen.Sum(synapses.Operations)), Mean((double)steps * sizes.Places * sizes.Outputs
                * sizes.Synapses))
            {
                WeightBytes = Footprint.Bytes, TimeSteps = seen[0].Steps,
                InputRate = (double)events / (steps * sizes.Polarities * sizes.Height * sizes.Width),
            },
            new("detectors", "threshold", 0, 0, 0)
            {
                Spikes = Mean(fired), NeuronUpdates = Mean((double)steps * sizes.Places * sizes.Classes), TimeSteps = seen[0].Steps,
                FiringRate = (double)fired / ((double)steps * sizes.Places * sizes.Classes),
            },
        ], seen.Length);
    }

    public void Dispose()
    {
        if (!disposed) network.Dispose();
        disposed = true;
    }
}
