namespace Suites.SpikingTransformers.Learning;

/// <summary>How a network is trained: AdamW on cross entropy, linear warm-up, then a cosine down to zero.</summary>
/// <param name="WeightDecay">Decoupled decay of matrices and kernels; biases and norms are not decayed.</param>
/// <param name="Warmup">Share of all steps in which the rate rises linearly to <paramref name="LearningRate"/>.</param>
sealed record Recipe(int Epochs, int BatchSize, double LearningRate, double WeightDecay, double Warmup = 0, double LabelSmoothing = 0)
{
    /// <summary>How many batches an epoch has. A single sample left over joins the last batch: batch norms need two.</summary>
    public int Batches(int samples) => BatchSize == 1 ? samples : Math.Max(1, (samples + BatchSize - 2) / BatchSize);

    /// <summary>The samples of batch <paramref name="index"/>, counted from 0, as places in the order of the epoch.</summary>
    public Range Batch(int index, int samples) =>
        new(index * BatchSize, index + 1 == Batches(samples) ? samples : (index + 1) * BatchSize);

    /// <summary>The rate of step <paramref name="step"/>, counted from 0, of <paramref name="steps"/>.</summary>
    public double RateAt(long step, long steps)
    {
        var rising = Warmup * steps;
        if (step < rising) return LearningRate * (step + 1) / (rising + 1);
        return LearningRate * 0.5 * (1 + Math.Cos(Math.PI * (step - rising) / (steps - rising)));
    }
}
