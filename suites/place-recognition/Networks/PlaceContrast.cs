using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.PlaceRecognition.Networks;

/// <summary>
/// Learns descriptors by contrast (InfoNCE; van den Oord, Li and Vinyals 2018): of two views of each place of a batch, each must be more
/// like the other than like those of other places. Views of a place are of two of its images where it has two.
/// </summary>
/// <param name="temperature">Cosines are divided by it.</param>
sealed class PlaceContrast(PlaceNetwork network, Seasons seasons, double temperature)
{
    const int Reported = 50;
    const double WeightDecay = 1e-4;

    /// <summary>Trains in place; AdamW, the rate falling to zero as a cosine.</summary>
    /// <param name="images">[images, 1, rows, columns].</param>
    /// <param name="places">Which images each place has.</param>
    /// <param name="validate">Asked once, after the last step: share of queries that are recognised.</param>
    /// <exception cref="TrainingFailedException">The loss is no longer a finite number.</exception>
    public void Train(Tensor images, IReadOnlyList<int[]> places, int steps, int batchSize, double learningRate, Func<double?> validate,
        RunContext context)
    {
        var (chance, start, sum) = (new SampleOrder(context.Seed), context.Time.GetTimestamp(), 0.0);
        using var optimizer = optim.AdamW(network.parameters(), learningRate, weight_decay: WeightDecay);
        for (var step = 0; step < steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = learningRate * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
            var loss = Step(optimizer, images, Pairs(places, batchSize, chance));
            if (!float.IsFinite(loss))
                throw new TrainingFailedException($"The loss became {loss} in step {step + 1}: training diverged; lower the learning rate "
                    + $"({learningRate}).");
            sum += loss;
            if ((step + 1) % Reported != 0 && step + 1 < steps) continue;
            context.Progress.Report(new(step / Reported + 1, sum / (step % Reported + 1), step + 1 == steps ? validate() : null,
                context.Time.GetElapsedTime(start).TotalSeconds) { Note = $"every {Reported} steps" });
            sum = 0;
        }
    }

    static (long[] First, long[] Second) Pairs(IReadOnlyList<int[]> places, int batchSize, SampleOrder chance)
    {
        int[] chosen = [.. chance.Permutation(places.Count).Take(batchSize)];
        var (first, second) = (new long[chosen.Length], new long[chosen.Length]);
        for (var at = 0; at < chosen.Length; at++)
        {
            var own = places[chosen[at]];
            var one = chance.Below(own.Length);
            (first[at], second[at]) = (own[one], own[(one + 1 + (own.Length > 2 ? chance.Below(own.Length - 1) : 0)) % own.Length]);
        }
        return (first, second);
    }

    float Step(optim.Optimizer optimizer, Tensor images, (long[] First, long[] Second) pairs)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = Loss(View(pairs.First), View(pairs.Second));
        loss.backward();
        optimizer.step();
        return loss.item<float>();

        Tensor View(long[] places) => network.forward(seasons.Of(images.index_select(0, tensor(places))));
    }

    /// <summary>Of descriptors of two views of the same places, [places, features] each; a scalar.</summary>
    public Tensor Loss(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var likeness = first.matmul(second.t()) / temperature;
        var right = arange(first.shape[0], dtype: int64);
        return ((nn.functional.cross_entropy(likeness, right) + nn.functional.cross_entropy(likeness.t(), right)) / 2)
            .MoveToOuterDisposeScope();
    }
}
