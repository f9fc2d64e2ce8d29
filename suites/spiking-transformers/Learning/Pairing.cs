using Harness.Torch;
using Suites.SpikingTransformers.Networks.Liquids;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Learns by contrast: of a batch of pairs, every sound must find its image and every image its sound (InfoNCE both ways, temperature 1).
/// Pairs of one class are negatives of each other, as published. The epoch is chosen by retrieval on the validation part.
/// </summary>
sealed class Pairing(PairProjections network, float largestSound, float largestImage, Recipe recipe, RunContext context)
{
    readonly SampleOrder chance = new(context.Seed);
    readonly long start = context.Time.GetTimestamp();

    public void Fit(IReadOnlyList<PairedShares> training, IReadOnlyList<PairedShares> validation)
    {
        using var optimizer = optim.AdamW(network.parameters(), recipe.LearningRate, weight_decay: recipe.WeightDecay);
        var best = double.NegativeInfinity;
        var kept = Checkpoint.Of(network);
        try
        {
            for (var epoch = 1; epoch <= recipe.Epochs; epoch++)
            {
                var loss = Epoch(training, optimizer);
                if (!double.IsFinite(loss))
                    throw new TrainingFailedException($"The loss became {loss} in epoch {epoch}: training diverged; lower the learning "
                        + $"rate ({recipe.LearningRate}).");
                double? score = validation.Count == 0 ? null
                    : Places(validation).Zip(validation).Count(pair => pair.First.Place == pair.Second.Label) / (double)validation.Count;
                context.Progress.Report(new(epoch, loss, score, context.Time.GetElapsedTime(start).TotalSeconds));
                if (score < best) continue;
                best = score ?? best;
                kept.Dispose();
                kept = Checkpoint.Of(network);
            }
            kept.Restore(network);
        }
        finally
        {
            kept.Dispose();
        }
    }

    double Epoch(IReadOnlyList<PairedShares> training, optim.Optimizer optimizer)
    {
        var (sum, count) = (0.0, 0);
        foreach (var batch in chance.Permutation(training.Count).Chunk(recipe.BatchSize))
        {
            // One pair has nothing to be told from.
            if (batch.Length < 2) continue;
            context.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var pairs = batch.Select(place => training[place]).ToArray();
            var products = network.forward(PairedShares.Rows(pairs.Select(pair => pair.Sound), largestSound),
                PairedShares.Rows(pairs.Select(pair => pair.Images[pair.Label]), largestImage));
            var own = arange(pairs.Length);
            var loss = (nn.functional.cross_entropy(products, own) + nn.functional.cross_entropy(products.t(), own)) / 2;
            loss.backward();
            optimizer.step();
            (sum, count) = (sum + loss.item<float>(), count + 1);
        }
        return sum / Math.Max(1, count);
    }

    /// <summary>The place of the image that fits each sound best, and the softmax's share of it.</summary>
    public IEnumerable<(int Place, float Share)> Places(IReadOnlyList<PairedShares> samples)
    {
        foreach (var sample in samples)
        {
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            var (share, place) = network.forward(PairedShares.Rows([sample.Sound], largestSound),
                PairedShares.Rows(sample.Images, largestImage)).softmax(-1).max(-1);
            yield return ((int)place.item<long>(), share.item<float>());
        }
    }
}
