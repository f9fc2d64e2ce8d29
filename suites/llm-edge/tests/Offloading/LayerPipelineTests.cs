using Harness.Datasets;
using Suites.LlmEdge.Offloading.Pipelines;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class LayerPipelineTests
{
    // Two clusters of the same work, by hand. Stages of each: predict 1, read gate 2, gate 1, read rest 3, rest 2.
    // Predictions 0-1 and 1-2. Storage: gate A 1-3, gate B 3-5, rest A (ready 4) 5-8, rest B (ready 6) 8-11. Gates: A 3-4, B 5-6.
    // Rest: A 8-10, B 11-13.
    [Fact]
    public void Two_clusters_overlap_as_computed_by_hand()
    {
        ClusterWork[] works = [new(1, 2, 1, 3, 2), new(1, 2, 1, 3, 2)];
        Assert.Equal(new(13, 8, 10), new LayerPipeline(PipelineLevel.Cluster).Run(works));
    }

    // Gates A 1-3 read, B 3-5; gates computed A 3-4, B 5-6; only then rest A 6-9, B 9-12; rest A 9-11, B 12-14.
    [Fact]
    public void A_barrier_keeps_storage_idle_while_the_last_gate_is_computed()
    {
        ClusterWork[] works = [new(1, 2, 1, 3, 2), new(1, 2, 1, 3, 2)];
        Assert.Equal(new(14, 8, 10), new LayerPipeline(PipelineLevel.Matrix).Run(works));
    }

    // The oldest ready rest goes before a gate: A's rest is ready at 2 while B's gate is being read until 2; C's gate waits until 7.
    // Storage: A 0-1, B 1-2, rest A (ready 2) 2-7, rest B (ready 3) 7-12, C 12-13, rest C (ready 14) 14-19. Last compute 19-20.
    [Fact]
    public void Storage_reads_the_oldest_rest_before_further_gates()
    {
        ClusterWork[] works = [new(0, 1, 1, 5, 1), new(0, 1, 1, 5, 1), new(0, 1, 1, 5, 1)];
        Assert.Equal(20, new LayerPipeline(PipelineLevel.Cluster).Run(works).Makespan);
    }

    [Fact]
    public void Clusters_in_memory_take_their_computation_over_the_lanes_and_nothing_takes_nothing()
    {
        ClusterWork[] works = [new(0, 0, 1, 0, 2), new(0, 0, 1, 0, 2), new(0, 0, 1, 0, 2), new(0, 0, 1, 0, 2)];
        Assert.Equal(12, new LayerPipeline(PipelineLevel.Cluster).Run(works).Makespan);
        Assert.Equal(6, new LayerPipeline(PipelineLevel.Cluster, lanes: 2).Run(works).Makespan);
        Assert.Equal(default, new LayerPipeline(PipelineLevel.Matrix).Run([]));
    }

    // One read a cluster: 0-1, 1-2; data 3 later: 4, 5; gates 4-5, 5-6.
    [Fact]
    public void Data_arrive_after_a_delay_in_which_storage_serves_others()
    {
        ClusterWork[] works = [new(0, 1, 1, 0, 0), new(0, 1, 1, 0, 0)];
        Assert.Equal(6, new LayerPipeline(PipelineLevel.Cluster, delay: 3).Run(works).Makespan);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_schedule_beats_its_lower_bounds_and_every_schedule_is_below_the_sum(int lanes)
    {
        foreach (var works in Random(200))
            foreach (var level in Enum.GetValues<PipelineLevel>())
            {
                var times = new LayerPipeline(level, lanes).Run(works);
                var (read, compute) = (works.Sum(work => work.Read), works.Sum(work => work.Compute));
                Assert.Equal((read, compute), (times.Read, times.Compute));
                Assert.True(times.Makespan >= Math.Max(Math.Max(read, compute / lanes), works.Max(work => work.Chain)) - 1e-9);
                Assert.True(times.Makespan <= read + compute + 1e-9);
            }
    }

    // Greedy schedules have anomalies (Graham 1969), so that a single uneven layer may gain by a barrier: rarely, and little.
    [Fact]
    public void Without_a_barrier_layers_take_less_time_but_for_rare_anomalies()
    {
        double matrix = 0, cluster = 0, worst = 0;
        var worse = 0;
        foreach (var works in Random(500))
        {
            var (barrier, free) = Both(works);
            if (free > barrier + 1e-9) (worse, worst) = (worse + 1, Math.Max(worst, free / barrier));
            (matrix, cluster) = (matrix + barrier, cluster + free);
        }
        Assert.True(cluster < 0.97 * matrix, $"{cluster} {matrix}");
        Assert.True(worse <= 15 && worst < 1.25, $"{worse} of 500 worse, by {worst}");
    }

    static (double Barrier, double Free) Both(ClusterWork[] works) => (new LayerPipeline(PipelineLevel.Matrix).Run(works).Makespan,
        new LayerPipeline(PipelineLevel.Cluster).Run(works).Makespan);

    [Fact]
    public void No_lane_is_refused() => Assert.Equal("0 lanes cannot compute; give at least 1.",
        Assert.Throws<HarnessException>(() => new LayerPipeline(PipelineLevel.Cluster, 0)).Message);

    static IEnumerable<ClusterWork[]> Random(int count)
    {
        var chance = new Chance(7);
        double Draw(double share) => chance.Unit() < share ? Math.Round(8 * chance.Unit()) : 0;
        for (var i = 0; i < count; i++)
            yield return [.. Enumerable.Range(0, 1 + chance.Below(12)).Select(_ => new ClusterWork(Draw(0.5), Draw(0.7), Draw(0.9),
                Draw(0.7), Draw(0.9)))];
    }
}
