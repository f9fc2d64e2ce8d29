using Harness.Publishing.Boards;

namespace Harness.Publishing.Plots;

/// <summary>One row as a point: cost to the right, quality upwards.</summary>
sealed record Point(Row Row, double Cost, double Quality, (double Low, double High)? CostRange, (double Low, double High)? QualityRange)
{
    /// <summary>True when no other point is at least as good in both and better in one.</summary>
    public bool Efficient { get; init; }
    /// <summary>Size of its mark: grows with the logarithm of the number of parameters.</summary>
    public double Size { get; init; } = 1;
    /// <summary>Where its label stands; null where every place was taken.</summary>
    public (double X, double Y, string Anchor)? Label { get; init; }
}

/// <summary>Places the points of an accuracy-cost plot.</summary>
sealed class ScatterLayout
{
    /// <summary>More points than this hide each other: the whole front is drawn, and the best of the others.</summary>
    public const int MostPoints = 60;

    public ScatterLayout(Board board, int primary, int index)
    {
        var known = board.Rows.Where(row => row.Cells[primary].Any && row.Cells[index].Any && row.Cells[index].Mean > 0)
            .Select(row => new Point(row, row.Cells[index].Mean, row.Cells[primary].Mean, Positive(row.Cells[index].Hull),
                row.Cells[primary].Hull))
            .ToArray();
        Omitted = [.. board.Rows.Where(row => row.Cells[primary].Any).Except(known.Select(point => point.Row))];
        Known = known.Length;
        var (better, cheaper) = (Sign(board.Columns[primary]), -Sign(board.Columns[index]));
        var judged = known.Select(point => point with { Efficient = !known.Any(other => Dominates(other, point, better, cheaper)) });
        Point[] drawn = [.. judged.OrderByDescending(point => point.Efficient).Take(Math.Max(MostPoints, 0))];
        (drawn, FarBelow) = Together([.. drawn.OrderByDescending(point => better * point.Quality)], better);
        Area = new PlotArea(drawn.SelectMany(point => Ends(point.Cost, point.CostRange)),
            drawn.SelectMany(point => Ends(point.Quality, point.QualityRange)));
        Points = Labelled([.. Sized(board, drawn)]);
    }

    public PlotArea Area { get; }
    public IReadOnlyList<Point> Points { get; }
    /// <summary>How many rows have both numbers, drawn or not.</summary>
    public int Known { get; }
    /// <summary>Rows whose quality is so much lower that they are not drawn.</summary>
    public IReadOnlyList<Point> FarBelow { get; }
    /// <summary>Rows with a result whose cost is unknown or zero: they cannot stand on the plot.</summary>
    public IReadOnlyList<Row> Omitted { get; }

    /// <summary>The Pareto front as a staircase, cheapest first.</summary>
    public string Front()
    {
        var front = Points.Where(point => point.Efficient).OrderBy(point => point.Cost).ToArray();
        return string.Concat(front.Select((point, i) => i == 0
            ? $"M{Axis.Place(Area.X.At(point.Cost))} {Axis.Place(Area.Y.At(point.Quality))}"
            : $"H{Axis.Place(Area.X.At(point.Cost))}V{Axis.Place(Area.Y.At(point.Quality))}"));
    }

    static int Sign(Column column) => column.Direction == Direction.Lower ? -1 : 1;

    static bool Dominates(Point one, Point other, int better, int cheaper)
    {
        var (quality, cost) = (better * one.Quality.CompareTo(other.Quality), -cheaper * one.Cost.CompareTo(other.Cost));
        return quality >= 0 && cost >= 0 && (quality > 0 || cost > 0);
    }

    static (double Low, double High)? Positive((double Low, double High)? range) => range is { Low: > 0 } ? range : null;

    static IEnumerable<double> Ends(double value, (double Low, double High)? range) => range is { } ends ? [value, ends.Low, ends.High]
        : [value];

    /// <summary>A few rows of far lower quality, such as controls, would squeeze all others into a line: they are named.</summary>
    static (Point[] Near, Point[] Far) Together(Point[] points, int better)
    {
        if (points.Length < 4) return (points, []);
        var sorted = points.Select(point => better * point.Quality).Order().ToArray();
        var (lower, upper) = (sorted[sorted.Length / 4], sorted[sorted.Length * 3 / 4]);
        var least = lower - Math.Max(4 * (upper - lower), 1e-12);
        return ([.. points.Where(point => better * point.Quality >= least)], [.. points.Where(point => better * point.Quality < least)]);
    }

    static IEnumerable<Point> Sized(Board board, Point[] points)
    {
        var index = board.IndexOf(column => column.Metric == "model.parameters");
        var sizes = index < 0 ? [] : points.Select(point => point.Row.Cells[index]).Where(cell => cell.Any && cell.Mean > 0)
            .Select(cell => cell.Mean).ToArray();
        if (sizes.Length < 2 || sizes.Max() <= sizes.Min()) return points;
        var (low, high) = (Math.Log(sizes.Min()), Math.Log(sizes.Max()));
        return points.Select(point => point.Row.Cells[index] is { Any: true, Mean: > 0 } cell
            ? point with { Size = 0.75 + (0.6 * (Math.Log(cell.Mean) - low) / (high - low)) } : point);
    }

    /// <summary>The label on the plot: the whole one stands in the table.</summary>
    public static string Named(Point point) => point.Row.Label.Length <= 30 ? point.Row.Label : point.Row.Label[..28].TrimEnd(' ', ',')
        + "…";

    // Greedy: right, left, above, below; a label that would cover another, a bar or a mark, or leave the plot, is dropped: the table
    // names it.
    Point[] Labelled(Point[] points)
    {
        var taken = points.Select(point => (X: Area.X.At(point.Cost) - 7, Y: Area.Y.At(point.Quality) - 7, W: 14.0, H: 14.0))
            .Concat(points.SelectMany(Bars)).ToList();
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y, width) = (Area.X.At(points[i].Cost), Area.Y.At(points[i].Quality), Named(points[i]).Length * 6.4);
            foreach (var (left, baseline, anchor) in Places(x, y, width))
            {
                var box = (X: left, Y: baseline - 11, W: width, H: 14.0);
                if (box.X < Area.Left || box.X + box.W > Area.Width || box.Y < Area.Top - 8
                    || taken.Any(other => Overlap(box, other))) continue;
                taken.Add(box);
                points[i] = points[i] with { Label = (anchor == "start" ? left : anchor == "end" ? left + width : x, baseline, anchor) };
                break;
            }
        }
        return points;
    }

    /// <summary>The places of a point's error bars.</summary>
    IEnumerable<(double X, double Y, double W, double H)> Bars(Point point)
    {
        var (x, y) = (Area.X.At(point.Cost), Area.Y.At(point.Quality));
        if (point.CostRange is { } cost) yield return (Area.X.At(cost.Low), y - 2, Area.X.At(cost.High) - Area.X.At(cost.Low), 4);
        if (point.QualityRange is { } quality)
            yield return (x - 2, Area.Y.At(quality.High), 4, Area.Y.At(quality.Low) - Area.Y.At(quality.High));
    }

    static IEnumerable<(double Left, double Baseline, string Anchor)> Places(double x, double y, double width) =>
    [
        (x + 12, y + 4, "start"), (x - 12 - width, y + 4, "end"), (x - (width / 2), y - 13, "middle"), (x - (width / 2), y + 22, "middle"),
        (x + 10, y + 18, "start"), (x - 10 - width, y - 10, "end"),
    ];

    static bool Overlap((double X, double Y, double W, double H) a, (double X, double Y, double W, double H) b) =>
        a.X < b.X + b.W && b.X < a.X + a.W && a.Y < b.Y + b.H && b.Y < a.Y + a.H;
}
