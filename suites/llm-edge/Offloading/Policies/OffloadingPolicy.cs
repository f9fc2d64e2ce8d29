namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>Ways to compute with more weights than memory holds.</summary>
public enum OffloadingPolicy
{
    /// <summary>All weights in memory, all neurons computed: the reference, which needs a cap of all bytes.</summary>
    Resident,
    /// <summary>Every weight is read in order as a mapped file would be, through a cache that forgets the oldest; faults block.</summary>
    DenseStreaming,
    /// <summary>The same, with reading hidden behind computing.</summary>
    DensePrefetch,
    /// <summary>Predicted neurons only, their three rows read each time.</summary>
    NeuronLoads,
    /// <summary>And hot clusters and recent cold neurons stay in memory.</summary>
    Cached,
    /// <summary>And a neuron's three rows are read as one bundle.</summary>
    Bundled,
    /// <summary>And clusters do not wait for each other: PowerInfer-2.</summary>
    Pipelined,
    /// <summary>Bundles of the neurons of the last few tokens stay: LLM in a flash.</summary>
    Windowed,
    /// <summary>The most often active neurons stay for ever, others are read each time; with a cap of all bytes PowerInfer.</summary>
    StaticHot,
}
