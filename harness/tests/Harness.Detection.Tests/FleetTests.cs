using Harness.Detection.Deciding;
using Harness.Detection.Fleet;

namespace Harness.Detection.Tests;

/// <summary>The benchmark of `harness bench detector` on a smaller fleet, with bounds that its size allows.</summary>
public sealed class FleetTests
{
    static readonly FleetSize Small = new(Series: 80, Seed: "test");

    static async Task<DetectorScore> RunAsync(NoiseModel noise, Scenario scenario) =>
        Assert.Single(await new DetectorBenchmark(Small, new()).RunAsync(noise, scenario, [], TestContext.Current.CancellationToken));

    [Fact]
    public async Task Phone_noise_alone_raises_hardly_an_alert() =>
        Assert.InRange((await RunAsync(NoiseModel.Phone, Scenario.Nothing)).FalsePerThousand, 0, 1);

    [Fact]
    public async Task Slowdowns_are_found_within_a_week()
    {
        Assert.InRange((await RunAsync(NoiseModel.Server, Scenario.Slower5)).FoundShare, 0.95, 1);
        Assert.InRange((await RunAsync(NoiseModel.Phone, Scenario.Slower10)).FoundShare, 0.9, 1);
    }

    [Fact]
    public async Task An_update_of_the_system_that_leaks_into_the_ratios_is_held()
    {
        var score = await RunAsync(NoiseModel.Server, Scenario.Update);
        Assert.Equal((0, 0), (score.Found, score.FalseAlerts));
    }

    [Fact]
    public async Task The_hold_guard_is_what_holds_it()
    {
        var unguarded = new DetectorBenchmark(Small, new() { LeakShare = 0, CanaryDeviations = 1e9 });
        var score = Assert.Single(await unguarded.RunAsync(NoiseModel.Server, Scenario.Update, [], TestContext.Current.CancellationToken));
        Assert.True(score.Found > 8, $"{score.Found} of {score.Series}");
    }

    [Fact]
    public async Task Other_detectors_raise_more_false_alerts_on_the_same_nights()
    {
        var scores = await new DetectorBenchmark(Small, new()).RunAsync(NoiseModel.Phone, Scenario.Nothing, Rival.All,
            TestContext.Current.CancellationToken);
        var ours = scores.Single(score => score.Detector == DetectorBenchmark.Ours);
        Assert.Equal(1 + Rival.All.Count, scores.Count);
        Assert.All(scores.Where(score => score is { Paired: false }), score => Assert.True(score.FalsePerThousand > ours.FalsePerThousand));
    }

    [Fact]
    public void A_lost_point_of_accuracy_is_flagged_and_identical_predictions_never_are()
    {
        var policy = new DetectionPolicy();
        Assert.InRange(new ScoreBenchmark().Flagged(300, policy, "test"), 0.7, 0.85);
        Assert.Equal(0, new ScoreBenchmark(Lost: 0, Won: 0).Flagged(100, policy, "test"));
    }
}
