using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Learning;

/// <summary>How a network is trained: Adam on drawn crops, the rate falling to zero as a cosine.</summary>
/// <param name="Parts">The training is reported, and the state selected, after each of so many equal parts.</param>
sealed record Schedule(int Iterations, int Parts, int BatchSize, double LearningRate)
{
    public double RateAt(int iteration) => LearningRate * 0.5 * (1 + Math.Cos(Math.PI * iteration / Iterations));

    /// <summary>Trains in place; leaves the state that was best on validation, or the last one where nothing is validated.</summary>
    /// <param name="validate">Higher is better; null says that there is nothing to validate on.</param>
    /// <exception cref="TrainingFailedException">The loss is no longer a finite number.</exception>
    public void Train(nn.Module network, CropSampler crops, Func<IReadOnlyList<Crop>, Tensor> loss, Func<double?> validate,
        RunContext context)
    {
        using var optimizer = optim.Adam(network.parameters(), LearningRate);
        var start = context.Time.GetTimestamp();
        var (best, kept) = (double.NegativeInfinity, default(Checkpoint));
        try
        {
            for (var part = 1; part <= Parts; part++)
            {
                network.train();
                var (first, end) = ((int)((long)Iterations * (part - 1) / Parts), (int)((long)Iterations * part / Parts));
                var sum = 0.0;
                for (var iteration = first; iteration < end; iteration++) sum += Step(optimizer, crops, loss, iteration, context);
                network.eval();
                var score = validate();
                context.Progress.Report(new(part, sum / Math.Max(1, end - first), score, context.Time.GetElapsedTime(start).TotalSeconds));
                if (score is null || score < best) continue;
                best = score.Value;
                kept?.Dispose();
                kept = Checkpoint.Of(network);
            }
            kept?.Restore(network);
        }
        finally
        {
            kept?.Dispose();
        }
    }

    double Step(optim.Optimizer optimizer, CropSampler crops, Func<IReadOnlyList<Crop>, Tensor> loss, int iteration, RunContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        foreach (var group in optimizer.ParamGroups) group.LearningRate = RateAt(iteration);
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var value = loss([.. Enumerable.Range(0, BatchSize).Select(_ => crops.Draw())]);
        value.backward();
        optimizer.step();
        var number = value.item<float>();
        return float.IsFinite(number) ? number : throw new TrainingFailedException($"The loss became {number} in iteration {iteration}: "
            + $"training diverged; lower the learning rate ({LearningRate}).");
    }
}
