using Suites.LlmEdge.Offloading.Policies;
using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class PolicyTests
{
    static readonly OffloadingPolicy[] Offloading = [.. Enum.GetValues<OffloadingPolicy>().Where(policy => policy
        != OffloadingPolicy.Resident)];

    [Theory]
    [InlineData("ufs4-like")]
    [InlineData("nvme-like")]
    public void No_policy_ever_holds_more_than_its_budget(string storage)
    {
        var traces = new Traces();
        foreach (var share in new[] { 0.03, 0.31, 0.5, 1 })
            foreach (var kind in Offloading)
            {
                var setup = traces.Setup(share, StorageModel.Of(storage));
                var policy = setup.Create(kind);
                traces.Run(policy, () => Assert.True(policy.Held <= setup.Neurons, $"{kind}: {policy.Held} > {setup.Neurons}"));
                if (kind != OffloadingPolicy.NeuronLoads) Assert.True(policy.Held > 0);
            }
    }

    // Each step of the ablation at half of the weights: predicted neurons, cache, bundles, pipeline.
    [Fact]
    public void Every_step_is_faster_than_the_one_before()
    {
        var traces = new Traces();
        var seconds = new[] { OffloadingPolicy.DenseStreaming, OffloadingPolicy.NeuronLoads, OffloadingPolicy.Cached,
            OffloadingPolicy.Bundled, OffloadingPolicy.Pipelined }.Select(kind => traces.Run(traces.Setup(0.5).Create(kind)).Seconds)
            .ToArray();
        for (var i = 1; i < seconds.Length; i++) Assert.True(seconds[i] < seconds[i - 1], string.Join(" ", seconds));
        Assert.True(seconds[^1] * 3 < seconds[0]);
    }

    [Fact]
    public void A_cycle_larger_than_its_cache_never_hits_and_one_that_fits_reads_once()
    {
        var traces = new Traces();
        var half = traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.DenseStreaming));
        Assert.Equal(Traces.Tokens * Traces.Layout.Bytes, half.FlashBytes);
        var whole = traces.Run(traces.Setup(1).Create(OffloadingPolicy.DenseStreaming));
        Assert.Equal(Traces.Layout.Bytes, whole.FlashBytes);
        var prefetched = traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.DensePrefetch));
        Assert.Equal(half.FlashBytes, prefetched.FlashBytes);
        Assert.Equal(half.Seconds - half.Compute, prefetched.Seconds, 1e-9);
    }

    [Fact]
    public void Bundles_ask_once_where_rows_ask_three_times()
    {
        var traces = new Traces();
        var (rows, bundles) = (traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.Cached)),
            traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.Bundled)));
        Assert.Equal(rows.FlashBytes, bundles.FlashBytes);
        // Hot clusters were read once in one request each in both.
        Assert.InRange(rows.Requests, 2.8 * bundles.Requests, 3 * bundles.Requests);
    }

    [Fact]
    public void Reading_the_gate_first_spares_the_rest_of_neurons_that_were_predicted_in_vain()
    {
        var traces = new Traces();
        var (whole, first) = (traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.Pipelined)),
            traces.Run((traces.Setup(0.5) with { GateFirst = true }).Create(OffloadingPolicy.Pipelined)));
        Assert.True(first.FlashBytes < 0.9 * whole.FlashBytes, $"{first} {whole}");
        Assert.True(first.Requests > whole.Requests);
    }

    [Fact]
    public void A_pipeline_of_clusters_reads_the_same_in_less_time()
    {
        var traces = new Traces();
        var (matrix, cluster) = (traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.Bundled)),
            traces.Run(traces.Setup(0.5).Create(OffloadingPolicy.Pipelined)));
        Assert.Equal((matrix.FlashBytes, matrix.Requests), (cluster.FlashBytes, cluster.Requests));
        Assert.Equal(matrix.Compute, cluster.Compute, 1e-12);
        Assert.True(cluster.Seconds < matrix.Seconds);
    }

    [Fact]
    public void With_all_in_memory_fixed_neurons_read_nothing_and_with_less_the_same_ones_each_time()
    {
        var traces = new Traces();
        Assert.Equal(0, traces.Run(traces.Setup(1).Create(OffloadingPolicy.StaticHot)).FlashBytes);
        var policy = traces.Setup(0.5).Create(OffloadingPolicy.StaticHot);
        var cost = traces.Run(policy);
        var cold = policy.Segments.Single(segment => segment.Segment == "cold").Use;
        Assert.Equal(cold.Lookups - cold.Hits, cost.Requests);
    }

    [Fact]
    public void A_longer_window_reads_less_and_takes_more_memory()
    {
        var traces = new Traces();
        (long Read, long Held) Of(int window)
        {
            var policy = (traces.Setup(1) with { Window = window }).Create(OffloadingPolicy.Windowed);
            return (traces.Run(policy).FlashBytes, policy.Held);
        }
        var (one, five) = (Of(1), Of(5));
        Assert.True(five.Read < one.Read && five.Held > one.Held, $"{one} {five}");
    }

    [Fact]
    public void Prefill_computes_all_neurons_and_reads_those_that_are_not_in_memory_at_once()
    {
        var setup = new Traces().Setup(0.5);
        var policy = setup.Create(OffloadingPolicy.Pipelined);
        var first = policy.Prefill(0, 8);
        Assert.Equal((1, Traces.Layout.LayerBytes), (first.Requests, first.FlashBytes));
        Assert.Equal(2 * Traces.Layout.LayerBytes / setup.Compute.DenseBytesPerSecond, first.Compute, 1e-12);
        // Hot neurons stay from then on.
        Assert.Equal(Traces.Layout.LayerBytes - setup.PlanOf(OffloadingPolicy.Pipelined).Hot * Traces.Layout.BundleBytes,
            policy.Prefill(0, 8).FlashBytes);
    }

    [Fact]
    public void All_in_memory_needs_all_of_the_memory() => Assert.Equal(
        "Feed-forward layers of 25165824 bytes do not fit into 12582912; raise the cap to 100 % or choose another policy.",
        Assert.Throws<HarnessException>(() => new Traces().Setup(0.5).Create(OffloadingPolicy.Resident)).Message);
}
