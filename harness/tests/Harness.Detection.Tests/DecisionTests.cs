using Harness.Detection.Counting;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Statistics;

namespace Harness.Detection.Tests;

public sealed class DecisionTests
{
    static readonly DetectionPolicy Policy = new();
    static readonly NoiseFloor Floor = NoiseFloor.Of([.. Enumerable.Range(0, 30)
        .Select(night => new Control(0.001 * (night % 5 - 2), 0.004, 5))],
        Policy);
    static readonly double[] Steady = [.. Enumerable.Range(0, 20).Select(night => 0.002 * (night % 3 - 1))];

    static SeriesNight Night(double? tonight, IReadOnlyList<double?>? canary = null, bool isOut = false) => new("s",
        new([.. Steady.Select(effect => new PastNight(effect, "old"))]), tonight, Floor,
        canary ?? [.. Enumerable.Range(0, 21).Select(night => (double?)(0.002 * (night % 2)))], isOut, "seed");

    static async Task<Judgement> JudgeAsync(SeriesNight night, double truth, double scatter = 0.004) => Assert.Single(
        await new NightJudge(Policy).JudgeAsync([night], (_, _, pairs, _) => Task.FromResult<IReadOnlyList<double>>(
            [.. Enumerable.Range(0, pairs).Select(pair => truth + scatter * (pair % 5 - 2) / 2)]), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(0.05, Outcome.Regression)]
    [InlineData(-0.05, Outcome.Improvement)]
    public async Task A_change_is_confirmed_in_either_direction(double change, Outcome expected) =>
        Assert.Equal(expected, (await JudgeAsync(Night(change), change)).Outcome);

    [Fact]
    public async Task A_trigger_that_fresh_pairs_do_not_repeat_is_no_alert() =>
        Assert.Equal(Outcome.Equivalent, (await JudgeAsync(Night(0.05), 0)).Outcome);

    [Fact]
    public async Task A_night_that_was_not_measured_stays_missing()
    {
        var judgement = await JudgeAsync(Night(null), 0.5);
        Assert.Equal((Outcome.Quiet, null, "not measured tonight"), (judgement.Outcome, judgement.Remembered("b").Effect,
            judgement.Reason));
    }

    [Fact]
    public async Task A_change_together_with_the_canary_is_held_but_one_beyond_what_can_leak_is_not()
    {
        double?[] moved = [.. Enumerable.Range(0, 20).Select(night => (double?)(0.002 * (night % 2))), 0.06];
        Assert.Equal(Outcome.Held, (await JudgeAsync(Night(0.02, moved), 0.02)).Outcome);
        Assert.Equal(Outcome.Regression, (await JudgeAsync(Night(0.10, moved), 0.10)).Outcome);
    }

    [Fact]
    public async Task Without_a_canary_nothing_is_alerted() => Assert.Equal(Outcome.Unknown,
        (await JudgeAsync(Night(0.05, new double?[21]), 0.05)).Outcome);

    [Fact]
    public async Task A_control_out_of_the_floor_quarantines_the_device() =>
        Assert.Equal(Outcome.Quarantined, (await JudgeAsync(Night(0.05, isOut: true), 0.05)).Outcome);

    [Fact]
    public void Too_few_controls_are_said_to_be_too_few()
    {
        var floor = NoiseFloor.Of([new(0.001, 0.01, 5)], Policy);
        Assert.Equal((false, 0.03, 1), (floor.IsKnown, floor.Floor, floor.Controls));
        Assert.Equal(0.002, Floor.Floor, 1e-12);
    }

    [Fact]
    public void Few_controls_still_say_what_they_could_not_have_seen()
    {
        // 3.17 · 0.05/√5
        Assert.Equal(DetectableEffect.Paired(0.05, 5), NoiseFloor.Of([new(0.001, 0.01, 5), new(-0.02, 0.05, 5)], Policy).Floor, 1e-12);
        Assert.Equal(0.12, NoiseFloor.Of([new(-0.12, 0.01, 5)], Policy).Floor, 1e-12);
    }

    [Theory]
    [InlineData(10, Outcome.Regression)]
    [InlineData(9, Outcome.Unknown)]
    public async Task A_device_that_is_not_known_yet_needs_stronger_evidence(int worse, Outcome expected)
    {
        // One pair of ten that says the opposite: p = 11/1024, enough at 5 % and not at 1 %.
        var unknown = Night(0.2) with { Floor = NoiseFloor.Of([new(0, 0.001, 5)], Policy) };
        var judgement = Assert.Single(await new NightJudge(Policy with { Rounds = 1 }).JudgeAsync([unknown], (_, _, pairs, _) =>
            Task.FromResult<IReadOnlyList<double>>([.. Enumerable.Range(0, pairs).Select(pair => pair < worse ? 0.2 : -0.2)]),
            TestContext.Current.CancellationToken));
        Assert.Equal(expected, judgement.Outcome);
    }

    [Fact]
    public void A_confirmed_change_starts_the_series_anew_where_it_began()
    {
        var history = new SeriesHistory([new(0, "a"), new(0.1, "b"), new(0.1, "c", Outcome.Regression, Back: 1), new(0.1, "d")]);
        Assert.Equal((1, false), (history.Start, history.IsFirstSegment));
    }

    [Fact]
    public void Orders_alternate_so_that_drift_cancels()
    {
        var order = BlockOrder.Of(4, new Chance(1));
        Assert.Equal([order[0], order[1], order[1], order[0], order[0], order[1], order[1], order[0]], order);
        Assert.NotEqual(order[0], order[1]);
    }

    [Fact]
    public void More_of_a_rate_and_less_of_a_time_are_better()
    {
        Assert.True(Cost.Of(2, Direction.Higher) < Cost.Of(1, Direction.Higher));
        Assert.True(Cost.Of(2, Direction.Lower) > Cost.Of(1, Direction.Lower));
        Assert.Throws<HarnessException>(() => Cost.Of(0, Direction.Lower));
        Assert.Throws<HarnessException>(() => Cost.Of(1, Direction.Neutral));
    }

    [Theory]
    [InlineData(7, "c7")]
    [InlineData(1, "c1")]
    [InlineData(10, "c10")]
    public async Task Bisection_finds_the_first_bad_commit_in_logarithmic_steps(int culprit, string expected)
    {
        string[] commits = [.. Enumerable.Range(1, 10).Select(number => $"c{number}")];
        var found = await Bisection.FindAsync("c0", commits, commit => Task.FromResult(
            int.Parse(commit[1..]) >= culprit ? CommitState.Bad : CommitState.Good));
        Assert.Equal((expected, 0), (found.FirstBad, found.Between.Count));
        Assert.InRange(found.Tested, 3, 4);
    }

    [Fact]
    public async Task A_commit_that_cannot_be_built_leaves_a_range()
    {
        var found = await Bisection.FindAsync("c0", ["c1", "c2", "c3"], commit => Task.FromResult(
            commit == "c2" ? CommitState.Unknown : commit == "c1" ? CommitState.Good : CommitState.Bad));
        Assert.Equal(("c1", "c3", "c2"), (found.Good, found.FirstBad, Assert.Single(found.Between)));
    }

    [Fact]
    public void Any_difference_of_a_count_is_a_change_and_a_lost_count_is_worse()
    {
        MetricValue[] before = [Count("ops.acs", 100), Count("model.parameters", 5)], after = [Count("ops.acs", 101)];
        var changes = CountChange.Of(before, after, [Cause.Code]);
        Assert.Equal(["model.parameters", "ops.acs"], changes.Select(change => change.Metric));
        Assert.All(changes, change => Assert.True(change.IsWorse));
        Assert.Empty(CountChange.Of(before, before, []));

        static MetricValue Count(string name, double value) => new(name, 1, value, "1", Direction.Lower, "counted");
    }
}
