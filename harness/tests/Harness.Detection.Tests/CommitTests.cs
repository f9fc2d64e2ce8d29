using Harness.Detection.Counting;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Detection.Scoring;
using Harness.Statistics;

namespace Harness.Detection.Tests;

public sealed class CommitTests
{
    static double[] Around(double truth) => [.. Enumerable.Range(0, 10).Select(pair => truth + 0.004 * (pair % 5 - 2))];

    static CommitState StateOf(double truth, double confirmed) => CommitTest.Of(Around(truth), confirmed, new Chance(1));

    [Theory]
    [InlineData(0.05, 0.05, CommitState.Bad)]
    [InlineData(0, 0.05, CommitState.Good)]
    [InlineData(-0.05, -0.05, CommitState.Bad)]
    [InlineData(0, -0.05, CommitState.Good)]
    [InlineData(0.04, 0.05, CommitState.Bad)]
    [InlineData(0.01, 0.05, CommitState.Good)]
    [InlineData(0.025, 0.05, CommitState.Unknown)]
    public void A_commit_is_judged_by_the_half_of_the_effect_it_is_nearer_to(double truth, double confirmed, CommitState expected) =>
        Assert.Equal(expected, StateOf(truth, confirmed));

    [Fact]
    public void Without_pairs_nothing_is_known() => Assert.Equal(CommitState.Unknown, CommitTest.Of([], 0.05, new Chance(1)));

    [Fact]
    public void A_loss_that_holds_over_five_seeds_is_confirmed_and_one_of_a_single_lucky_seed_is_not()
    {
        var lost = Enumerable.Range(0, 100).Select(sample => sample < 4 ? -1.0 : sample < 6 ? 1 : 0).ToArray();
        var same = new double[100];
        var steady = RetrainedScore.Of([lost, lost, lost, lost, lost], new Chance(1));
        Assert.Equal((-0.02, 1.0 / 32, 0.0), (Math.Round(steady.Effect, 12), steady.SeedP, Math.Round(steady.SeedError, 12)));
        Assert.True(steady.IsConfirmed(0.005));
        // Seeds agree to the sample, so only other samples could have told something else.
        Assert.Equal(Math.Sqrt(lost.Sum(value => Math.Pow(value + 0.02, 2)) / 99 / 100), steady.SampleError!.Value, 1e-12);
        Assert.False(RetrainedScore.Of([lost, same, same, same, same], new Chance(1)).IsConfirmed(0.001));
        Assert.False(RetrainedScore.Of([lost, lost, lost, lost], new Chance(1)).IsConfirmed(0.005));
        Assert.False(steady.IsConfirmed(0.03));
    }

    [Fact]
    public void A_key_changes_with_everything_that_changes_a_number_and_with_nothing_else()
    {
        var trial = new Trial("s", "b", "d@1", "f@1", System.Text.Json.JsonSerializer.SerializeToElement(new { width = 3 }), 1, "cpu", 2);
        var device = new DeviceCard("box", "cpu", "p", 2, 1, "os", ".NET 10.0.1") { Instructions = "avx2", Allocator = "system" };
        var metric = new MetricValue("latency.p50", 1, 0.1, "s", Direction.Lower, "derived");
        string Key(Trial t, DeviceCard d, MetricValue m) =>
            ComparabilityKey.Of(new RunRecord("r", t.Id, t, RunState.Ok, null, d, default, default, new("", "", false, "", "", "", "")), m);
        var key = Key(trial, device, metric);
        var same = device with { Runtime = ".NET 10.0.9", OperatingSystem = "newer", Cores = 4 };
        Assert.Equal(key, Key(trial, same, metric with { Value = 2 }));
        string[] others =
        [
            Key(trial with { Seed = 2 }, device, metric), Key(trial with { Threads = 1 }, device, metric),
            Key(trial with { Limit = 5 }, device, metric), Key(trial with { Family = "f@2" }, device, metric),
            Key(trial with { Protocol = "d@2" }, device, metric),
            Key(trial, device with { Id = "other" }, metric), Key(trial, device with { Runtime = ".NET 11.0.0" }, metric),
            Key(trial, device with { Instructions = "avx512" }, metric), Key(trial, device, metric with { Version = 2 }),
            Key(trial, device, metric with { EnergyTier = "E3" }), Key(trial, device, metric with { Metric = "latency.p90" }),
        ];
        Assert.Equal(others.Length + 1, others.Append(key).Distinct().Count());
    }
}
