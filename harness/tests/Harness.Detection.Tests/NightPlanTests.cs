using Harness.Detection.Deciding;
using Harness.Detection.Planning;

namespace Harness.Detection.Tests;

public sealed class NightPlanTests
{
    static readonly DetectionPolicy Policy = new();

    static CellState Cell(string name, double seconds = 10) => new(name, seconds, true, 1, 0.01, Outcome.Quiet, true);

    static IReadOnlyList<PlannedCell> Plan(double hours, params CellState[] cells) =>
        NightPlan.Of(cells, TimeSpan.FromHours(hours), TimeSpan.Zero, Policy);

    [Fact]
    public void What_is_stale_noisy_or_suspicious_comes_first_and_by_as_much()
    {
        var plan = Plan(8, Cell("steady"), Cell("stale") with { NightsSince = 5 }, Cell("open") with { Last = Outcome.Unknown },
            Cell("noisy") with { Detectable = 0.025 }, Cell("never") with { NightsSince = null, Last = null, Detectable = null },
            Cell("unchanged") with { HeadIsNew = false });
        Assert.Equal([("never", 90), ("stale", 5), ("open", 4), ("noisy", 2.5), ("steady", 1), ("unchanged", 0.5)],
            plan.Select(cell => (cell.State.Cell, Math.Round(cell.Priority, 9))));
    }

    [Fact]
    public void The_night_is_filled_by_urgency_up_to_what_is_kept_for_confirmations()
    {
        // 12 runs of 100 s are 1 200 s; three quarters of an hour are 2 700 s.
        var plan = Plan(1, Cell("b", 100) with { NightsSince = 3 }, Cell("a", 200) with { NightsSince = 4 }, Cell("c", 25));
        Assert.Equal([("a", true), ("b", false), ("c", true)], plan.Select(cell => (cell.State.Cell, cell.IsChosen)));
        Assert.Contains("used up", plan[1].Reason);
    }

    [Fact]
    public void The_control_is_paid_first() => Assert.False(NightPlan.Of([Cell("a", 100)], TimeSpan.FromHours(1),
        TimeSpan.FromSeconds(1600), Policy)[0].IsChosen);

    [Fact]
    public void A_trial_that_never_fits_tonight_rises_until_it_does()
    {
        var waiting = Enumerable.Range(1, 20).First(nights => Plan(1, Cell("small", 60) with { Last = Outcome.Unknown },
            Cell("other", 60) with { Last = Outcome.Unknown }, Cell("large", 200) with { NightsSince = nights })[0].State.Cell == "large");
        Assert.Equal(5, waiting);
    }
}
