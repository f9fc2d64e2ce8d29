namespace Harness.Publishing.Boards;

/// <summary>Chooses the columns of a board: its primary metric, its other metrics, then every other number by
/// <see cref="Quantities.Place"/>. </summary>
static class Columns
{
    public static IReadOnlyList<Column> Of(IReadOnlyList<RunRecord> runs, BenchmarkCards? cards, Func<string, MetricCard?> definition)
    {
        var values = runs.SelectMany(run => run.Metrics).GroupBy(value => (value.Metric, value.Version)).ToArray();
        var versions = values.CountBy(group => group.Key.Metric).ToDictionary();
        var primary = PrimaryOrNull(values, cards);
        var quality = cards?.Metrics.Select(metric => metric.Id).ToList() ?? [];
        return [.. values.Select(group => Column(group.First(), definition(group.Key.Metric),
            versions[group.Key.Metric] > 1) with { Primary = group.Key == primary })
            .OrderBy(column => Place(column, quality)).ThenBy(column => column.Key, StringComparer.Ordinal)];
    }

    // The newest version alone is ranked: two versions of a metric are two metrics.
    static (string Metric, int Version)? PrimaryOrNull(IGrouping<(string Metric, int Version), MetricValue>[] values, BenchmarkCards? cards)
    {
        var id = (cards is { Metrics: [var first, ..] } ? first.Id : null)
            ?? values.FirstOrDefault(group => group.Any(value => value.Primary))?.Key.Metric;
        var versions = values.Where(group => group.Key.Metric == id).Select(group => group.Key).ToArray();
        return versions.Length == 0 ? null : versions.MaxBy(key => key.Version);
    }

    static Column Column(MetricValue value, MetricCard? card, bool several)
    {
        var title = (card?.Title ?? Spoken(value.Metric)) + (several ? $" (version {value.Version})" : "");
        return new Column($"{value.Metric}@{value.Version}", title, Quantities.Shown(value.Metric, value.Unit), value.Direction,
            value.Source,
            run => ReadOrNull(run, value.Metric, value.Version)) { StoredUnit = value.Unit };
    }

    static Measured? ReadOrNull(RunRecord run, string metric, int version)
    {
        foreach (var value in run.Metrics)
            if (value.Metric == metric && value.Version == version)
                return new Measured(value.Value, value.Low, value.High, value.Interval, value.EnergyTier);
        return null;
    }

    static int Place(Column column, List<string> quality)
    {
        if (column.Primary) return -1;
        var own = quality.IndexOf(column.Metric);
        return own >= 0 ? own : quality.Count + Quantities.Place(column.Metric);
    }

    /// <summary>An id that nobody defined, made readable: <c>memory.peak</c> becomes <c>Memory peak</c>.</summary>
    static string Spoken(string metric)
    {
        var words = metric.Replace('_', ' ').Replace('.', ' ');
        return words.Length == 0 ? metric : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
