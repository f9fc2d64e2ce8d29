using Harness.Publishing.Boards;
using Harness.Publishing.History;

namespace Harness.Publishing.Tests;

public sealed class EnergyViewTests
{
    static Site Site { get; } = new(World.View, new Publisher { Quantities = World.Quantities },
        new Changes(new Dictionary<string, IReadOnlyList<Change>>()));

    static Board Mnist => Site.Boards.Single(board => board.Protocol == "mnist@1");

    [Fact]
    public void Places_are_certain_only_where_the_ranges_of_the_constants_are_apart()
    {
        var exact = EnergyView.Rank(Mnist, new World.Coefficients(1, 1, 1)).Rows;
        Assert.True(exact.Count > 3);
        Assert.Contains(exact, row => row.Rank is { Best: 1, Worst: 1 });
        var vague = EnergyView.Rank(Mnist, new World.Coefficients(1e-6, 1, 1e6)).Rows;
        Assert.All(vague.Where(row => row.Mid > 0), row => Assert.Equal(vague.Count(other => other.Mid > 0),
            1 + row.Rank!.Worst - row.Rank.Best));
    }

    [Fact]
    public void A_model_agrees_with_itself_and_disagrees_with_its_opposite()
    {
        var one = EnergyView.Rank(Mnist, new World.Coefficients(1, 1, 1));
        Assert.Equal(1, EnergyView.Agreement(one, one));
        var opposite = one with { Rows = [.. one.Rows.Select(row => row with { Mid = -row.Mid })] };
        Assert.Equal(-1, EnergyView.Agreement(one, opposite));
    }

    [Fact]
    public void The_tornado_moves_one_constant_at_a_time_and_puts_the_widest_first()
    {
        // Equal counts of both kinds, 1 pJ each: half of the estimate hangs on either constant.
        var counts = new OperationCounts([new("l", "linear", 100, 100, 200)], 1);
        var bars = EnergyView.Tornado(new World.Coefficients(0.5, 1, 3) { AcLow = 0.1, AcHigh = 9 }, [counts]);
        Assert.Equal(["ac", "mac"], bars.Select(bar => bar.Constant.Name));
        Assert.Equal((0.55, 5.0), (Math.Round(bars[0].Low, 9), bars[0].High));
        Assert.Equal((0.75, 2.0), (Math.Round(bars[1].Low, 9), bars[1].High));
    }

    [Fact]
    public void A_row_without_counts_has_no_estimate() =>
        Assert.DoesNotContain(EnergyView.Rank(Mnist, new World.Coefficients(1, 1, 1)).Rows,
        row => row.Row.Family == "hostile@1");
}
