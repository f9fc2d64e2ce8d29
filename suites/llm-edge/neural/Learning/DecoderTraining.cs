using System.ComponentModel.DataAnnotations;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Neural.Learning;

/// <summary>
/// Shape of a decoder over bytes, and how it is trained: AdamW, a rate that rises and then falls as a cosine, clipped gradients.
/// </summary>
/// <param name="Gating">How the feed-forward block is gated.</param>
/// <param name="Heads">Divide the width into even parts.</param>
/// <param name="Hidden">Neurons of a feed-forward block.</param>
/// <param name="Context">Tokens of a window, in training and in use.</param>
/// <param name="Steps">Of the optimizer.</param>
/// <param name="BatchSize">Windows in a step.</param>
/// <param name="LearningRate">At its highest.</param>
/// <param name="Warmup">Share of the steps in which the rate rises.</param>
/// <param name="WeightDecay">Of matrices; norms have none.</param>
/// <param name="ClipNorm">Longest gradient.</param>
/// <param name="GatePenalty">Weight of the mean of |gates after their activation|: makes sparse gates sparser.</param>
/// <param name="Minutes">Training ends then, after one step at least, with a note; such weights are not kept for other
/// runs. Null sets no bound.</param>
public sealed record DecoderTraining(
    Gating Gating = Gating.Swiglu,
    [property: Range(1, 64)] int Layers = 4,
    [property: Range(8, 2048)] int Width = 128,
    [property: Range(1, 64)] int Heads = 4,
    [property: Range(8, 16_384)] int Hidden = 384,
    [property: Range(8, 4096)] int Context = 128,
    [property: Range(1, 1_000_000)] int Steps = 1000,
    [property: Range(1, 4096)] int BatchSize = 16,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 3e-3,
    [property: Range(0.0, 1.0)] double Warmup = 0.05,
    [property: Range(0.0, 10.0)] double WeightDecay = 0.1,
    [property: Range(0.0, 1e9, MinimumIsExclusive = true)] double ClipNorm = 1,
    [property: Range(0.0, 1e6)] double GatePenalty = 0,
    [property: Range(0.0, 100_000.0)] double? Minutes = null) : IValidatableObject
{
    internal ModelShape Shape => new("llama", ByteTokens.Vocabulary, Context, Width, Hidden, Layers, Heads, Heads) { Gating = Gating };

    /// <summary>What a knob cannot say alone.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % (2 * Heads) != 0) yield return new("width a multiple of twice the heads", [nameof(Width), nameof(Heads)]);
    }

    /// <summary>The rate of step <paramref name="step"/>, counted from 0: rises evenly, then falls as a cosine to a tenth.</summary>
    internal double RateAt(int step)
    {
        var rising = Warmup * Steps;
        if (step < rising) return LearningRate * (step + 1) / (rising + 1);
        return LearningRate * (0.1 + 0.45 * (1 + Math.Cos(Math.PI * (step - rising) / (Steps - rising))));
    }
}
