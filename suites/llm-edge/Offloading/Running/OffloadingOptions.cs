using System.ComponentModel.DataAnnotations;
using Suites.LlmEdge.Offloading.Policies;

namespace Suites.LlmEdge.Offloading.Running;

/// <summary>Speed of computation on the virtual clock.</summary>
public enum ClockRates
{
    /// <summary>Constants, so that runs repeat to the last digit.</summary>
    Fixed,
    /// <summary>Measured on this machine before the first text.</summary>
    Measured,
}

/// <summary>Where weights lie and how they come into memory.</summary>
/// <param name="Policy">What is kept, and what is read when.</param>
/// <param name="Cap">Share of the feed-forward weights that memory may hold; all others are always in memory.</param>
/// <param name="Storage">ufs4-like or nvme-like: reconstructions, not measurements of devices.</param>
/// <param name="RowScale">
/// Prices every row of weights as so many times as long: stands for a model that is wider with the same activations.
/// </param>
/// <param name="Cluster">Neurons that pass through the pipeline together.</param>
/// <param name="Window">Tokens whose neurons stay, under the policy Windowed.</param>
/// <param name="GateFirst">Reads gate rows first and the rest where the gate is open, under Bundled and Pipelined.</param>
/// <param name="Rates">Speed of computation on the virtual clock.</param>
/// <param name="Direct">
/// Makes text with bundles that are really read from a file, past the page cache, sixteen at a time beside computing; times of stage
/// decode are then of the real clock with real reads. Under Bundled only.
/// </param>
public sealed record OffloadingOptions(
    OffloadingPolicy Policy = OffloadingPolicy.Pipelined,
    [property: Range(0.0, 1.0)] double Cap = 0.5,
    [property: AllowedValues("ufs4-like", "nvme-like")] string Storage = "ufs4-like",
    [property: Range(1, 64)] int RowScale = 1,
    [property: Range(1, 4096)] int Cluster = 32,
    [property: Range(1, 128)] int Window = 5,
    bool GateFirst = false,
    ClockRates Rates = ClockRates.Fixed,
    bool Direct = false) : IValidatableObject
{
    /// <summary>What a knob cannot say alone.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Policy == OffloadingPolicy.Resident && Cap < 1) yield return new("cap 1 with policy resident", [nameof(Cap)]);
        if (Direct && Policy != OffloadingPolicy.Bundled) yield return new("policy bundled with direct reads", [nameof(Policy)]);
        if (Direct && (RowScale != 1 || GateFirst))
            yield return new("rows of their own length, bundles read whole, with direct reads", [nameof(RowScale), nameof(GateFirst)]);
    }
}

/// <summary>How neurons are chosen for a token.</summary>
public enum NeuronChoice
{
    /// <summary>By the trained predictors.</summary>
    Predicted,
    /// <summary>Every open gate: no predictor can be better; its products with all gates are not priced.</summary>
    Oracle,
    /// <summary>The control: as many as predicted, but others.</summary>
    Shuffled,
}

/// <summary>How open gates are foreseen: p = W2 ReLU(W1 x) for each layer.</summary>
/// <param name="Rank">Rows of W1 of a layer of average sparsity; denser ones get more.</param>
/// <param name="Recall">Share of open gates of the validation part that the threshold lets pass.</param>
/// <param name="PositiveWeight">Of an open gate in the loss.</param>
/// <param name="Epochs">Over the calibration tokens.</param>
/// <param name="Tokens">Of the training part, for calibration; a quarter as many of the validation part set thresholds.</param>
public sealed record PredictorOptions(
    NeuronChoice Choice = NeuronChoice.Predicted,
    [property: Range(8, 1024)] int Rank = 16,
    [property: Range(0.5, 0.9999)] double Recall = 0.98,
    [property: Range(0.1, 100.0)] double PositiveWeight = 2,
    [property: Range(1, 100)] int Epochs = 6,
    [property: Range(256, 1_000_000)] int Tokens = 8192);
