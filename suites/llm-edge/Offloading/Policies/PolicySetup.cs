using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Pipelines;
using Suites.LlmEdge.Offloading.Planning;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>What a policy is made of.</summary>
/// <param name="Neurons">Bytes of memory for feed-forward weights.</param>
/// <param name="Excess">Neurons that the predictor asks for per active one.</param>
sealed record PolicySetup(NeuronLayout Layout, StorageModel Storage, ComputeCosts Compute, ActivationProfile Profile, long Neurons,
    long PredictorSharedBytes = 0, long PredictorNeuronBytes = 0, double Excess = 1)
{
    const int DefaultCluster = 32;

    public int ClusterNeurons { get; init; } = DefaultCluster;

    /// <summary>Tokens whose neurons stay under <see cref="OffloadingPolicy.Windowed"/>; 5 in the paper.</summary>
    public int Window { get; init; } = 5;

    public bool GateFirst { get; init; }

    /// <exception cref="HarnessException">The policy needs more memory.</exception>
    public IWeightPolicy Create(OffloadingPolicy policy) => policy switch
    {
        OffloadingPolicy.Resident => new ResidentWeights(Layout, Compute, Neurons),
        OffloadingPolicy.DenseStreaming => new DenseStreaming(Layout, Storage, Compute, Neurons, overlapped: false),
        OffloadingPolicy.DensePrefetch => new DenseStreaming(Layout, Storage, Compute, Neurons, overlapped: true),
        OffloadingPolicy.NeuronLoads => Of(NoHot, _ => new NoMemory(), NeuronReads.Rows, PipelineLevel.Matrix),
        OffloadingPolicy.Cached => Of(Planned, Recent, NeuronReads.Rows, PipelineLevel.Matrix),
        OffloadingPolicy.Bundled => Of(Planned, Recent, Bundles, PipelineLevel.Matrix),
        OffloadingPolicy.Pipelined => Of(Planned, Recent, Bundles, PipelineLevel.Cluster),
        // The paper reads what is missing, then computes: all neurons are one cluster.
        OffloadingPolicy.Windowed => Of(NoHot, _ => new TokenWindow(Layout, Neurons, Window), NeuronReads.Bundle, PipelineLevel.Matrix,
            Layout.Hidden),
        _ => Of(NoHot, plan => new FixedNeurons(Layout, plan.Rank, checked((int)Math.Min(Layout.Hidden,
            Neurons / (Layout.Layers * Layout.BundleBytes)))), NeuronReads.Bundle, PipelineLevel.Matrix),
    };

    ResidencyPlan NoHot => ResidencyPlan.Without(Profile, Layout);

    /// <summary>What policies with hot neurons keep.</summary>
    public ResidencyPlan Planned => new HotSetPlanner(Profile, Layout, Storage, Compute, Excess).Plan(Neurons);

    NeuronReads Bundles => GateFirst ? NeuronReads.GateFirst : NeuronReads.Bundle;

    RecentNeurons Recent(ResidencyPlan plan) => new(Layout, Neurons - plan.HotBytes(Layout), split: GateFirst);

    NeuronPolicy Of(ResidencyPlan plan, Func<ResidencyPlan, IColdMemory> cold, NeuronReads reads, PipelineLevel level, int? cluster = null)
        => new(Layout, Storage, Compute, plan, cold(plan), new(reads, level, cluster ?? ClusterNeurons, PredictorSharedBytes,
            PredictorNeuronBytes));
}
