using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Trains a network in place and leaves it in evaluation mode, with the state of the epoch that was best on the validation part (of
/// equal ones the latest); without validation samples, of the last epoch. Where the context names a checkpoint, the state of training is
/// kept there after each epoch, and training that was interrupted goes on from it to the same bits.
/// </summary>
sealed class Trainer<TSample>(nn.Module<Tensor, Tensor> network, IObjective<TSample> objective, Recipe recipe, RunContext context)
{
    readonly SampleOrder chance = new(context.Seed);
    readonly long start = context.Time.GetTimestamp();
    double[] rates = [];

    /// <exception cref="TrainingFailedException">The loss or a parameter is no longer a finite number.</exception>
    public void Fit(TrainingData<TSample> data)
    {
        if (recipe.Patience is { } patience && data.Validation.Count == 0)
            throw new TrainingFailedException($"Patience of {patience} epochs needs validation samples, and there are none; leave it out.");
        using var optimizer = Optimizer();
        using var progress = TrainingState.Begin(network, optimizer, chance, recipe, context);
        foreach (var point in progress.Curve) context.Progress.Report(point);
        while (!progress.Ended)
        {
            var began = context.Time.GetTimestamp();
            var loss = Epoch(data.Training, optimizer, progress);
            var score = Score(data.Validation);
            var seconds = progress.EarlierSeconds + context.Time.GetElapsedTime(start).TotalSeconds;
            progress.Took(context.Time.GetElapsedTime(began).TotalSeconds);
            context.Progress.Report(progress.Add(loss, score, seconds));
            if (context.Checkpoint is { } file) progress.Save(file);
        }
        progress.RestoreBest();
        network.eval();
        context.Checkpoint?.Delete();
    }

    // Matrices are decayed, vectors are not; parameters with rates of their own follow.
    AdamW Optimizer()
    {
        var groups = network.named_parameters()
            .Select(entry => (entry.parameter, Own: (network as IOwnRates)?.RateOf(entry.name)))
            .GroupBy(entry => (Decays: entry.Own is null && entry.parameter.dim() > 1, entry.Own))
            .OrderBy(group => group.Key.Own ?? 0).ThenByDescending(group => group.Key.Decays).ToArray();
        rates = [.. groups.Select(group => group.Key.Own ?? 1)];
        return optim.AdamW(groups.Select(group => new AdamW.ParamGroup([.. group.Select(entry => entry.parameter)],
            weight_decay: group.Key.Decays ? recipe.WeightDecay : 0)), recipe.LearningRate);
    }

    double Epoch(IReadOnlyList<TSample> samples, AdamW optimizer, TrainingState progress)
    {
        network.train();
        var (sum, batches, epoch) = (0.0, recipe.Batches(samples.Count), progress.Epoch + 1);
        (network as IAnnealed)?.Anneal(epoch, recipe.Epochs);
        var order = chance.Permutation(samples.Count);
        for (var index = 0; index < batches; index++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var step = (long)progress.Epoch * batches + index;
            foreach (var (group, own) in optimizer.ParamGroups.Zip(rates))
                group.LearningRate = recipe.RateAt(step, (long)recipe.Epochs * batches) * own;
            var batch = order[recipe.Batch(index, samples.Count)];
            var loss = Step([.. batch.Select(place => samples[place])], optimizer, epoch);
            if (!double.IsFinite(loss)) throw Diverged($"The loss became {loss} in epoch {epoch}, step {step}");
            sum += loss * batch.Length;
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

    double Step(TSample[] batch, AdamW optimizer, int epoch)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = objective.Loss(batch, epoch, chance);
        loss.backward();
        if (recipe.ClipNorm is { } longest) nn.utils.clip_grad_norm_(network.parameters().Where(HasGradient), longest);
        optimizer.step();
        return loss.item<float>();
    }

    static bool HasGradient(Parameter parameter) => parameter.grad is not null;

    double? Score(IReadOnlyList<TSample> samples)
    {
        if (samples.Count == 0) return null;
        network.eval();
        return objective.Score(samples, context.Cancellation);
    }
}
