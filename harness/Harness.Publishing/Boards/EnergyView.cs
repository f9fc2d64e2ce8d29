using Harness.Statistics;

namespace Harness.Publishing.Boards;

/// <summary>The mean estimate of a row under one model with its range, and the places it may hold over the ranges of all rows.</summary>
public sealed record EstimatedRow(Row Row, double Low, double Mid, double High)
{
    public RankRange? Rank { get; init; }
}

/// <summary>One model over the rows of one board. Rows of which the model has no estimate are absent.</summary>
public sealed record EnergyRanking(Board Board, IEnergyModel Model, IReadOnlyList<EstimatedRow> Rows);

/// <summary>Ratios to the mid estimate when one constant alone is at its low and at its high end.</summary>
public sealed record TornadoBar(EnergyConstant Constant, double Low, double High);

/// <summary>Energy models over stored counts: nothing here was stored with a run, so that a corrected model corrects every page.</summary>
public static class EnergyView
{
    /// <summary>Counts of the row's finished runs; empty where the family counts nothing.</summary>
    static IReadOnlyList<OperationCounts> Counts(Row row) => [.. row.Finished.Select(run => run.Operations).OfType<OperationCounts>()];

    public static EnergyRanking Rank(Board board, IEnergyModel model)
    {
        EstimatedRow[] rows = [.. board.Rows.Select(row => OfOrNull(row, model)).OfType<EstimatedRow>()];
        var places = RankInterval.OfIntervals([.. rows.Select(row => new Interval(row.Low, row.High, Level: 1))], Direction.Lower);
        return new(board, model, [.. rows.Select((row, i) => row with { Rank = new(places[i].Best, places[i].Worst) })]);
    }

    static EstimatedRow? OfOrNull(Row row, IEnergyModel model)
    {
        EnergyEstimate[] estimates = [.. Counts(row).Select(counts => model.Estimate(counts)).Where(estimate => estimate.Mid is not null)];
        return estimates.Length == 0 ? null : new(row, estimates.Average(estimate => estimate.Low!.Value),
            estimates.Average(estimate => estimate.Mid!.Value), estimates.Average(estimate => estimate.High!.Value));
    }

    /// <summary>
    /// How much the estimate moves when one constant alone goes to an end of its range: median over rows of the ratio to the mid estimate.
    /// The widest first, as in a tornado diagram.
    /// </summary>
    public static IReadOnlyList<TornadoBar> Tornado(IEnergyModel model, IReadOnlyList<OperationCounts> counts)
    {
        var usable = counts.Select(operations => (Operations: operations, model.Estimate(operations).Mid)).Where(row => row.Mid > 0)
            .ToList();
        if (usable.Count == 0) return [];
        return [.. model.Basis.Constants.Select(constant => new TornadoBar(constant, Ratio(constant.Name, constant.Low),
                Ratio(constant.Name, constant.High)))
            .Where(bar => bar.High > bar.Low).OrderByDescending(bar => bar.High / bar.Low)];

        double Ratio(string name, double value) => Quantiles.Median([.. usable.Select(row =>
            model.Estimate(row.Operations, new Dictionary<string, double> { [name] = value }).Mid!.Value / row.Mid!.Value)]);
    }

    /// <summary>Kendall's τ-b between the orders in which two models put the same rows; null where either ties them all.</summary>
    public static double? Agreement(EnergyRanking one, EnergyRanking other) =>
        Kendall.TauB([.. one.Rows.Join(other.Rows, row => row.Row, row => row.Row, (a, b) => (a.Mid, b.Mid))]);

    /// <summary>Every finished row's counts, one for each row, of those boards.</summary>
    public static IReadOnlyList<OperationCounts> AllCounts(IEnumerable<Board> boards) =>
        [.. boards.SelectMany(board => board.Rows).SelectMany(row => Counts(row).Take(1))];

    /// <summary>
    /// At most <paramref name="most"/> of the items, evenly spaced over their order: a median over many rows is told well enough by those,
    /// and the same rows always give the same choice.
    /// </summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> items, int most) => items.Count <= most ? items
        : [.. Enumerable.Range(0, most).Select(i => items[(int)((long)i * items.Count / most)])];
}
