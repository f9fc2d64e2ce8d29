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

    /// <summary>
    /// 8000 accumulates in 4 steps against 2000 products. The ends are those of one constant (4.6 * 8000 / (4 * 2000)) and of all
    /// (0.9 * 8000 / (5 * 2000)).
    /// </summary>
    [Fact]
    public void A_spiking_row_and_its_twin_are_compared_with_the_range_that_constants_leave()
    {
        var (spiking, other) = (Twin("spiking", new("l", "linear", 0, 8000, 8000) { TimeSteps = 4 }),
            Twin("ann", new("l", "linear", 2000, 0, 2000)));
        var twin = EnergyTwins.OfOrNull(spiking, other, new World.Coefficients(4, 4.6, 5) { AcLow = 0.9, AcHigh = 0.9 })!;
        Assert.Equal(4, twin.Mid, 1e-9);
        Assert.Equal((0.72, 4.6), (Math.Round(twin.Low, 9), Math.Round(twin.High, 9)));
        Assert.Equal("open", twin.Verdict);
        Assert.Equal("less", (twin with { High = 0.9 }).Verdict);
        Assert.Equal("open", (twin with { Low = 0.9, High = 1.1 }).Verdict);
        Assert.Equal("more", (twin with { Low = 1.1 }).Verdict);
        Assert.Equal(4, EnergyTwins.SpikesPerSynapse(spiking)!.Value, 1e-12);
        Assert.Null(EnergyTwins.SpikesPerSynapse(other));
    }

    [Fact]
    public void The_break_even_rates_are_those_of_the_constants()
    {
        Assert.Equal(5.11, EnergyTwins.BreakEvenWithFloat, 2);
        Assert.Equal((4.0, 2.0), (EnergyTwins.BreakEvenWithBits(8), EnergyTwins.BreakEvenWithBits(4)));
    }

    static Row Twin(string kind, LayerOperations layer)
    {
        var row = Mnist.Rows.First(row => row.Finished.Count > 0);
        var run = row.Finished[0] with { Operations = new([layer], 1) };
        return new(row.Family, row.Card! with { Kind = kind }, row.DeviceId, row.Threads, [run], row.Cells);
    }

    [Fact]
    public void A_row_without_counts_has_no_estimate() =>
        Assert.DoesNotContain(EnergyView.Rank(Mnist, new World.Coefficients(1, 1, 1)).Rows,
        row => row.Row.Family == "hostile@1");
}
