namespace Harness.Queue.Tests.Chaos;

/// <summary>
/// A short run of what `Harness.Benchmarks chaos` does for a thousand jobs: agents and server killed, the coordinator restarted, requests
/// lost,
/// repeated, delayed and cut, disks full, clocks jumping.
/// </summary>
public sealed class ChaosTests
{
    [Fact]
    public async Task Every_job_ends_exactly_once_whatever_is_killed_cut_or_repeated()
    {
        const int seed = 20261127;
        var report = await ChaosFleet.RunAsync(NatsFixture.Program, NatsFixture.FreePort(), seed, jobs: 120, agents: 5, disk: null,
            TestContext.Current.CancellationToken);
        Assert.True(report.Problems.Count == 0, $"seed {seed}, script {report.Script}:\n{string.Join('\n', report.Problems)}");
        Assert.Equal(120, report.Results);
    }

    /// <summary>The same with faults of the kernel in place of those that the program injects.</summary>
    [Fact]
    public Task Every_job_ends_exactly_once_over_a_slow_line_and_with_full_disks() => OwnKernel.RunAsync(nameof(InsideChaos), slow: true);

    [Fact(Explicit = true)]
    public async Task InsideChaos()
    {
        const int seed = 20261128;
        var disk = OwnKernel.Disk;
        var report = await ChaosFleet.RunAsync(NatsFixture.Program, NatsFixture.FreePort(), seed, jobs: 80, agents: 5, disk,
            TestContext.Current.CancellationToken);
        Assert.True(report.Problems.Count == 0, $"seed {seed}, script {report.Script}:\n{string.Join('\n', report.Problems)}");
        Assert.Equal(80, report.Results);
        Assert.True(disk.Fillings > 0, "the disk was never full");
    }

    [Fact]
    public void The_same_seed_is_the_same_script_and_another_is_another()
    {
        Assert.Equal(new ChaosScript(7, 1000, 8).ToString(), new ChaosScript(7, 1000, 8).ToString());
        Assert.NotEqual(new ChaosScript(7, 1000, 8).ToString(), new ChaosScript(8, 1000, 8).ToString());
        Assert.Equal(Enum.GetValues<Blow>(), new ChaosScript(7, 100, 8).Steps.Select(step => step.Blow).Distinct().Order());
    }
}
