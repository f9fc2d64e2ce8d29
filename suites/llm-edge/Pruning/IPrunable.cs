using Harness.Datasets;

namespace Suites.LlmEdge.Pruning;

/// <summary>A network whose loss can be asked for while weights are pruned.</summary>
interface IPrunable
{
    IReadOnlyList<PrunedLayer> Layers { get; }

    /// <summary>Training samples, drawn without repeats; all where there are fewer.</summary>
    ILossBatch Draw(int samples, Chance chance);
}

/// <summary>Some samples and the loss of the network, with its weights of now, on them.</summary>
interface ILossBatch
{
    /// <summary>Mean over the samples.</summary>
    double Loss();

    /// <summary>Of every layer, the last one first. One pass serves all; what is not asked for is not computed. Weights must not change
    /// between two layers.</summary>
    IEnumerable<(PrunedLayer Layer, LossTrace Trace)> Traces();
}
