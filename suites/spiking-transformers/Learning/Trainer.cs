using Harness.Datasets;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Trains a classifier in place and leaves it in evaluation mode, with the state of the epoch that was best on the validation part (of
/// equal ones the latest); without validation samples, of the last epoch.
/// </summary>
sealed class Trainer<TSample>(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder, Recipe recipe, RunContext context)
    where TSample : ILabeled
{
    readonly SampleOrder chance = new(context.Seed);
    readonly long start = context.Time.GetTimestamp();
    long step;

    /// <exception cref="TrainingFailedException">The loss or a parameter is no longer a finite number.</exception>
    public void Fit(TrainingData<TSample> data)
    {
        using var optimizer = Optimizer();
        var batches = recipe.Batches(data.Training.Count);
        var (best, kept) = (-1.0, (Checkpoint?)null);
        try
        {
            for (var epoch = 1; epoch <= recipe.Epochs; epoch++)
            {
                var loss = Epoch(data.Training, optimizer, epoch, (long)recipe.Epochs * batches);
                var score = Score(data.Validation);
                context.Progress.Report(new(epoch, loss, score, context.Time.GetElapsedTime(start).TotalSeconds));
                if (score is null || score < best) continue;
                best = score.Value;
                kept?.Dispose();
                kept = Checkpoint.Of(network);
            }
            kept?.Restore(network);
            network.eval();
        }
        finally
        {
            kept?.Dispose();
        }
    }

    AdamW Optimizer()
    {
        var (matrices, vectors) = (new List<Parameter>(), new List<Parameter>());
        foreach (var parameter in network.parameters()) (parameter.dim() > 1 ? matrices : vectors).Add(parameter);
        var groups = new List<AdamW.ParamGroup> { new(matrices, weight_decay: recipe.WeightDecay) };
        if (vectors.Count > 0) groups.Add(new(vectors, weight_decay: 0));
        return optim.AdamW(groups, recipe.LearningRate);
    }

    double Epoch(IReadOnlyList<TSample> samples, AdamW optimizer, int epoch, long steps)
    {
        network.train();
        var sum = 0.0;
        var order = chance.Permutation(samples.Count);
        for (var index = 0; index < recipe.Batches(samples.Count); index++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (var group in optimizer.ParamGroups) group.LearningRate = recipe.RateAt(step, steps);
            var batch = order[recipe.Batch(index, samples.Count)];
            var loss = Step([.. batch.Select(place => samples[place])], optimizer);
            if (!double.IsFinite(loss)) throw Diverged($"The loss became {loss} in epoch {epoch}, step {step}");
            sum += loss * batch.Length;
            step++;
        }
        // A neuron whose current is not a number never fires, so that the loss of a spiking network may stay finite.
        foreach (var (name, parameter) in network.named_parameters())
            if (!IsFinite(parameter)) throw Diverged($"Parameter {name} holds values that are no numbers after epoch {epoch}");
        return sum / samples.Count;
    }

    static bool IsFinite(Parameter parameter)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        return parameter.isfinite().all().item<bool>();
    }

    TrainingFailedException Diverged(string what) => new($"{what}: training diverged; lower the learning rate ({recipe.LearningRate}) "
        + $"or the weight decay ({recipe.WeightDecay}).");

    double Step(TSample[] batch, AdamW optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var logits = network.forward(encoder.EncodeVaried(batch, chance));
        var targets = tensor(batch.Select(sample => (long)sample.Label).ToArray());
        var loss = nn.functional.cross_entropy(logits, targets, label_smoothing: recipe.LabelSmoothing);
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    double? Score(IReadOnlyList<TSample> samples)
    {
        if (samples.Count == 0) return null;
        network.eval();
        var correct = 0;
        foreach (var batch in samples.Chunk(Classifier.BatchSize))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var predictions = Classifier.Predict(network, encoder, batch);
            correct += predictions.Zip(batch).Count(pair => pair.First.Label == pair.Second.Label);
        }
        return (double)correct / samples.Count;
    }
}
