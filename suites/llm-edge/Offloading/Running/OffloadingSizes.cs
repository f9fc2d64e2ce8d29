using System.Globalization;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Policies;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Running;

/// <summary>Bytes and times that do not depend on tokens.</summary>
/// <param name="ModelBytes">All weights.</param>
/// <param name="ResidentBytes">Weights outside of feed-forward layers, and predictors: always in memory.</param>
/// <param name="CapBytes">Most bytes in memory.</param>
/// <param name="OtherSeconds">Of a token outside of the feed-forward layers.</param>
/// <param name="PredictorSeconds">Of a token's predictors.</param>
sealed record OffloadingSizes(NeuronLayout Layout, long ModelBytes, long ResidentBytes, long CapBytes, double OtherSeconds,
    double PredictorSeconds, int Lanes)
{
    /// <summary>Bytes of memory for feed-forward weights.</summary>
    public long Neurons => CapBytes - ResidentBytes;

    /// <summary>
    /// A cap holds everything outside of feed-forward layers, and a share of these; predictors take their room from the share.
    /// </summary>
    /// <param name="predictor">Null where a policy needs none.</param>
    /// <param name="scale">Every row is priced as so many times as long.</param>
    /// <exception cref="HarnessException">The share does not hold the predictors.</exception>
    public static OffloadingSizes Of(LanguageModel model, ActivationPredictor? predictor, double share, int scale, ComputeCosts compute)
    {
        var layout = NeuronLayout.Of(model.Shape, scale);
        var feedForward = model.Layers.Sum(layer => layer.Gate.Bytes + layer.Up.Bytes + layer.Down.Bytes);
        var others = scale * (model.Bytes - feedForward);
        var predictors = predictor is null ? 0
            : BytesOf(predictor, scale).Sum(layer => layer.Shared + layer.Neuron * layout.Hidden);
        var sizes = new OffloadingSizes(layout, others + layout.Bytes, others + predictors, others + (long)(share * layout.Bytes),
            compute.Dense(scale * (model.BytesPerToken - feedForward)), compute.Dense(predictors), compute.Lanes);
        return sizes.Neurons >= 0 ? sizes : throw new HarnessException(string.Create(CultureInfo.InvariantCulture,
            $"A cap of {share:P0} of the feed-forward weights holds {(long)(share * layout.Bytes)} bytes, the predictors take ")
            + string.Create(CultureInfo.InvariantCulture, $"{predictors}; ") + "raise the cap or lower the rank.");
    }

    /// <summary>By layer.</summary>
    public static IReadOnlyList<PredictorBytes> BytesOf(ActivationPredictor predictor, int scale) => [.. predictor.Layers.Select(layer =>
        new PredictorBytes(sizeof(float) * (long)layer.First.Length * scale, sizeof(float) * (long)layer.Rank))];
}
