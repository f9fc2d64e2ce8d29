using Suites.LlmEdge.Offloading.Caching;
using Suites.LlmEdge.Offloading.Pipelines;
using Suites.LlmEdge.Offloading.Planning;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>What a policy is made of.</summary>
/// <param name="Asked">How often neurons are asked for.</param>
/// <param name="Active">How often their gates are open.</param>
/// <param name="Neurons">Bytes of memory for feed-forward weights.</param>
/// <param name="Predictors">By layer; null where they cost nothing.</param>
sealed record PolicySetup(NeuronLayout Layout, StorageModel Storage, ComputeCosts Compute, ActivationProfile Asked,
    ActivationProfile Active, long Neurons,
    IReadOnlyList<PredictorBytes>? Predictors = null)
{
    const int DefaultCluster = 32;

    public int ClusterNeurons { get; init; } = DefaultCluster;

    /// <summary>Tokens whose neurons stay under <see cref="OffloadingPolicy.Windowed"/>.</summary>
    public int Window { get; init; } = 5;

    public bool GateFirst { get; init; }

    /// <exception cref="HarnessException">The policy needs more memory.</exception>
    public IWeightPolicy Create(OffloadingPolicy policy) => Create(policy, PlanOf(policy));

    /// <summary>The same with a plan that was made before.</summary>
    public IWeightPolicy Create(OffloadingPolicy policy, ResidencyPlan plan) => policy switch
    {
        OffloadingPolicy.Resident => new ResidentWeights(Layout, Compute, Neurons),
        OffloadingPolicy.DenseStreaming => new DenseStreaming(Layout, Storage, Compute, Neurons, overlapped: false),
        OffloadingPolicy.DensePrefetch => new DenseStreaming(Layout, Storage, Compute, Neurons, overlapped: true),
        OffloadingPolicy.NeuronLoads => Of(plan, new NoMemory(), NeuronReads.Rows, PipelineLevel.Matrix),
        OffloadingPolicy.Cached => Of(plan, Recent(plan, split: false), NeuronReads.Rows, PipelineLevel.Matrix),
        OffloadingPolicy.Bundled => Of(plan, Recent(plan, GateFirst), Bundles, PipelineLevel.Matrix),
        OffloadingPolicy.Pipelined => Of(plan, Recent(plan, GateFirst), Bundles, PipelineLevel.Cluster),
        // The paper reads what is missing, then computes: all neurons are one cluster.
        OffloadingPolicy.Windowed => Of(plan, new TokenWindow(Layout, Neurons, Window), NeuronReads.Bundle, PipelineLevel.Matrix,
            Layout.Hidden),
        _ => Of(plan, new FixedNeurons(Layout, plan.Rank, checked((int)Math.Min(Layout.Hidden,
            Neurons / (Layout.Layers * Layout.BundleBytes)))), NeuronReads.Bundle, PipelineLevel.Matrix),
    };

    /// <summary>Which neurons are hot under a policy: those of the fastest plan where it has a hot segment, else none.</summary>
    public ResidencyPlan PlanOf(OffloadingPolicy policy) =>
        policy is OffloadingPolicy.Cached or OffloadingPolicy.Bundled or OffloadingPolicy.Pipelined
            ? new HotSetPlanner(Asked, Active, Layout, Storage, Compute,
                GateFirst && policy != OffloadingPolicy.Cached).Plan(Neurons)
            : ResidencyPlan.Without(Asked, Layout);

    /// <summary>What is left for cold neurons.</summary>
    public long ColdBytes(ResidencyPlan plan) => Neurons - plan.HotBytes(Layout);

    NeuronReads Bundles => GateFirst ? NeuronReads.GateFirst : NeuronReads.Bundle;

    RecentNeurons Recent(ResidencyPlan plan, bool split) => new(Layout, ColdBytes(plan), split);

    NeuronPolicy Of(ResidencyPlan plan, IColdMemory cold, NeuronReads reads, PipelineLevel level, int? cluster = null) =>
        new(Layout, Storage, Compute, plan, cold, new(reads, level, cluster ?? ClusterNeurons, Predictors));
}
