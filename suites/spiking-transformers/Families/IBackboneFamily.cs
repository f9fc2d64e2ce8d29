using Harness.Spiking.Counting;

namespace Suites.SpikingTransformers.Families;

/// <summary>
/// A spiking family whose network can carry any head; see <see cref="SpikingImages"/> for the one that classifies images.
/// </summary>
interface IBackboneFamily
{
    SpikingAxes Axes { get; }

    /// <summary>Its network up to the features, freshly initialised from the random stream of libtorch.</summary>
    /// <param name="embedding">In place of the configured one, e.g. for sequences; null keeps that.</param>
    /// <exception cref="HarnessException">The configuration makes no sense for such an input.</exception>
    Backbone Backbone(InputShape input, EmbeddingKind? embedding, OperationLedger ledger);
}
