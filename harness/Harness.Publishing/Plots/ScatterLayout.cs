using Harness.Publishing.Boards;

namespace Harness.Publishing.Plots;

/// <summary>One row as a point: cost to the right, quality upwards.</summary>
sealed record Point(Row Row, double Cost, double Quality, (double Low, double High)? CostRange, (double Low, double High)? QualityRange)
{
    /// <summary>True when no other point is at least as good in both and better in one.</summary>
    public bool Efficient { get; init; }
    /// <summary>Where its label stands; null where every place was taken.</summary>
    public (double X, double Y, string Anchor)? Label { get; init; }
}

/// <summary>Places the points of an accuracy-cost plot.</summary>
sealed class ScatterLayout
{
    public const double Width = 640, Height = 380, Left = 64, Right = 616, Top = 20, Bottom = 326;

    public ScatterLayout(Board board, int primary, int index)
    {
        var points = board.Rows.Where(row => row.Cells[primary].Any && row.Cells[index].Any && row.Cells[index].Mean > 0).Select(row => new Point(row,
            row.Cells[index].Mean, row.Cells[primary].Mean, Positive(row.Cells[index].Hull), row.Cells[primary].Hull)).ToArray();
        Omitted = [.. board.Rows.Where(row => row.Cells[primary].Any && !points.Any(point => ReferenceEquals(point.Row, row)))];
        Cost = new Axis(points.SelectMany(point => Ends(point.Cost, point.CostRange)), Left, Right);
        Quality = new Axis(points.SelectMany(point => Ends(point.Quality, point.QualityRange)), Bottom, Top);
        var (better, cheaper) = (Sign(board.Columns[primary]), -Sign(board.Columns[index]));
        Points = Labelled([.. points.Select(point => point with { Efficient = !points.Any(other => Dominates(other, point, better, cheaper)) })]);
    }

    public Axis Cost { get; }
    public Axis Quality { get; }
    public IReadOnlyList<Point> Points { get; }
    /// <summary>Rows with a result whose cost is unknown or zero: they cannot stand on the plot.</summary>
    public IReadOnlyList<Row> Omitted { get; }

    /// <summary>The Pareto front as a staircase, cheapest first.</summary>
    public string Front()
    {
        var front = Points.Where(point => point.Efficient).OrderBy(point => point.Cost).ToArray();
        return string.Concat(front.Select((point, i) => i == 0
            ? $"M{Axis.Place(Cost.At(point.Cost))} {Axis.Place(Quality.At(point.Quality))}"
            : $"H{Axis.Place(Cost.At(point.Cost))}V{Axis.Place(Quality.At(point.Quality))}"));
    }

    static int Sign(Column column) => column.Direction == Direction.Lower ? -1 : 1;

    static bool Dominates(Point one, Point other, int better, int cheaper)
    {
        var (quality, cost) = (better * one.Quality.CompareTo(other.Quality), -cheaper * one.Cost.CompareTo(other.Cost));
        return quality >= 0 && cost >= 0 && (quality > 0 || cost > 0);
    }

    static (double Low, double High)? Positive((double Low, double High)? range) => range is { Low: > 0 } ? range : null;

    static IEnumerable<double> Ends(double value, (double Low, double High)? range) => range is { } ends ? [value, ends.Low, ends.High] : [value];

    // Greedy: right, left, above, below; a label that would cover another or leave the plot is dropped, the table names it.
    Point[] Labelled(Point[] points)
    {
        var taken = points.Select(point => (X: Cost.At(point.Cost) - 7, Y: Quality.At(point.Quality) - 7, W: 14.0, H: 14.0)).ToList();
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y, width) = (Cost.At(points[i].Cost), Quality.At(points[i].Quality), points[i].Row.Label.Length * 6.6);
            foreach (var (left, baseline, anchor) in new[] { (x + 11, y + 4, "start"), (x - 11 - width, y + 4, "end"), (x - (width / 2), y - 12, "middle"), (x - (width / 2), y + 20, "middle") })
            {
                var box = (X: left, Y: baseline - 11, W: width, H: 14.0);
                if (box.X < Left || box.X + box.W > Width || box.Y < 0 || taken.Any(other => Overlap(box, other))) continue;
                taken.Add(box);
                points[i] = points[i] with { Label = (anchor == "start" ? left : anchor == "end" ? left + width : x, baseline, anchor) };
                break;
            }
        }
        return points;
    }

    static bool Overlap((double X, double Y, double W, double H) a, (double X, double Y, double W, double H) b) =>
        a.X < b.X + b.W && b.X < a.X + a.W && a.Y < b.Y + b.H && b.Y < a.Y + a.H;
}
