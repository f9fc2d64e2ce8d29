using Harness.Datasets;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>The right class: cross entropy for the loss, accuracy for the score.</summary>
sealed class ClassObjective<TSample>(nn.Module<Tensor, Tensor> network, IEncoder<TSample> encoder, Recipe recipe) : IObjective<TSample>
    where TSample : ILabeled
{
    readonly IStepwise? stepwise = recipe.StepLoss is null ? null : network as IStepwise
        ?? throw new UnsupportedException($"A {network.GetName()} has no logits of single time steps; leave stepLoss out.");

    public Tensor Loss(IReadOnlyList<TSample> batch, int epoch, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var input = encoder.EncodeVaried(batch, chance);
        var targets = tensor(batch.Select(sample => (long)sample.Label).ToArray());
        if (!recipe.Mixes(epoch)) return Penalized(Loss(Logits(input), targets)).MoveToOuterDisposeScope();
        if (!input.is_floating_point())
            throw new UnsupportedException($"Mixup needs real-valued inputs, not {input.dtype}; set mixup to 0.");
        var share = Mixup.Share(recipe.Mixup, chance);
        var logits = Logits(input * share + input.flip(0) * (1 - share));
        return Penalized(Loss(logits, targets) * share + Loss(logits, targets.flip(0)) * (1 - share)).MoveToOuterDisposeScope();
    }

    Tensor Penalized(Tensor loss)
    {
        using var penalty = (network as IPenalized)?.Penalty();
        return penalty is null ? loss : loss + penalty;
    }

    Tensor Logits(Tensor input) => stepwise is null ? network.forward(input) : stepwise.ForwardSteps(input);

    // Logits [samples, classes], or [steps, samples, classes] where every step has its own loss.
    Tensor Loss(Tensor logits, Tensor targets)
    {
        if (recipe.StepLoss is not { } lambda)
            return nn.functional.cross_entropy(logits, targets, label_smoothing: recipe.LabelSmoothing);
        var each = nn.functional.cross_entropy(logits.flatten(0, 1), targets.repeat(logits.shape[0]),
            label_smoothing: recipe.LabelSmoothing);
        return each * (1 - lambda) + (logits - 1).square().mean() * lambda;
    }

    public double Score(IReadOnlyList<TSample> samples, CancellationToken cancellation)
    {
        var correct = 0;
        foreach (var batch in samples.Chunk(Classifier.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            var predictions = Classifier.Predict(network, encoder, batch);
            correct += predictions.Zip(batch).Count(pair => pair.First.Label == pair.Second.Label);
        }
        return (double)correct / samples.Count;
    }
}
