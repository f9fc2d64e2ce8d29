using System.ComponentModel.DataAnnotations;

namespace Suites.SpikingTransformers.Learning;

/// <summary>How a network is trained: AdamW on cross entropy, linear warm-up, then a cosine down to the final rate.</summary>
/// <param name="WeightDecay">Decoupled decay of matrices and kernels; biases and norms are not decayed.</param>
/// <param name="Warmup">Share of all steps in which the rate rises linearly to <paramref name="LearningRate"/>.</param>
/// <param name="FinalRate">Where the cosine ends.</param>
/// <param name="Mixup">
/// Samples of a batch are mixed in pairs, and their losses too, in a proportion drawn from Beta(a, a) with this a (Zhang et al., ICLR
/// 2018); 0 mixes nothing.
/// </param>
/// <param name="MixupEpochs">The first epochs only; null mixes to the end.</param>
/// <param name="ClipNorm">Gradients longer than this, all parameters together, are shortened to it; null never.</param>
/// <param name="StepLoss">
/// TET's lambda (Deng et al., ICLR 2022): the loss is (1 - lambda) of the mean over time steps of each step's cross entropy, plus lambda of
/// the mean square distance of the logits from 1. Null takes the cross entropy of the mean logits.
/// </param>
/// <param name="Patience">Training ends after so many epochs without a new best on validation; null never.</param>
/// <param name="Minutes">Training ends with an epoch when the next one would probably exceed this time; null never.</param>
public sealed record Recipe(
    [property: Range(1, 100_000)] int Epochs,
    [property: Range(1, 65_536)] int BatchSize,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate,
    [property: Range(0.0, 10.0)] double WeightDecay,
    [property: Range(0.0, 1.0)] double Warmup = 0,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double LabelSmoothing = 0,
    [property: Range(0.0, 1.0)] double FinalRate = 0,
    [property: Range(0.0, 100.0)] double Mixup = 0,
    [property: Range(0, 100_000)] int? MixupEpochs = null,
    [property: Range(0.0, 1e9, MinimumIsExclusive = true)] double? ClipNorm = null,
    [property: Range(0.0, 1.0)] double? StepLoss = null,
    [property: Range(1, 100_000)] int? Patience = null,
    [property: Range(0.0, 100_000.0, MinimumIsExclusive = true)] double? Minutes = null) : IValidatableObject
{
    /// <summary>What a knob cannot say alone.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FinalRate > LearningRate)
            yield return new("finalRate at most learningRate", [nameof(FinalRate), nameof(LearningRate)]);
        if (MixupEpochs is not null && Mixup == 0)
            yield return new("mixupEpochs only with mixup above 0", [nameof(MixupEpochs), nameof(Mixup)]);
    }

    /// <summary>How many batches an epoch has. A single sample left over joins the last batch: batch norms need two.</summary>
    internal int Batches(int samples) => BatchSize == 1 ? samples : Math.Max(1, (samples + BatchSize - 2) / BatchSize);

    /// <summary>The samples of batch <paramref name="index"/>, counted from 0, as places in the order of the epoch.</summary>
    internal Range Batch(int index, int samples) =>
        new(index * BatchSize, index + 1 == Batches(samples) ? samples : (index + 1) * BatchSize);

    /// <summary>The rate of step <paramref name="step"/>, counted from 0, of <paramref name="steps"/>.</summary>
    internal double RateAt(long step, long steps)
    {
        var rising = Warmup * steps;
        if (step < rising) return LearningRate * (step + 1) / (rising + 1);
        var share = 0.5 * (1 + Math.Cos(Math.PI * (step - rising) / (steps - rising)));
        return FinalRate == 0 ? LearningRate * share : FinalRate + (LearningRate - FinalRate) * share;
    }

    /// <summary>Whether samples of <paramref name="epoch"/>, counted from 1, are mixed.</summary>
    internal bool Mixes(int epoch) => Mixup > 0 && epoch <= (MixupEpochs ?? int.MaxValue);
}
