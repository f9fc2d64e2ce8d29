using System.Globalization;
using System.Text;

namespace Harness.Results.Exchange;

/// <summary>
/// OpenMetrics 1.0 text exposition. A metric becomes a gauge <c>harness_NAME</c>, with its unit as suffix where the unit can be part of a
/// name; bounds of its interval are gauges of their own.
/// </summary>
static class OpenMetricsExport
{
    static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds", ["B"] = "bytes", ["bytes"] = "bytes", ["J"] = "joules", ["J/sample"] = "joules_per_sample",
        ["proportion"] = "ratio", ["samples/s"] = "samples_per_second", ["tokens/s"] = "tokens_per_second", ["1/s"] =
            "per_second", ["ns"] = "nanoseconds",
        ["1/sample"] = "per_sample",
    };

    public static void Write(IEnumerable<RunRecord> runs, TextWriter text)
    {
        var points = from run in Export.Newest(runs)
                     from metric in run.Metrics
                     from part in new[] { ("", metric.Value), ("_low", metric.Low), ("_high", metric.High) }
                     where part.Item2 is not null
                     select new Point(run, metric, Family(metric, part.Item1), part.Item2!.Value);
        foreach (var family in points.GroupBy(point => point.Family).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var first = family.First();
            text.Write($"# TYPE {family.Key} gauge\n");
            if (Unit(first.Metric) is { } unit) text.Write($"# UNIT {family.Key} {unit}\n");
            text.Write($"# HELP {family.Key} {Escaped(Help(first.Metric))}\n");
            foreach (var point in family.OrderBy(point => point.Run.RunId, StringComparer.Ordinal)) text.Write(Line(point) + "\n");
        }
        text.Write("# EOF\n");
    }

    static string Line(Point point)
    {
        var run = point.Run;
        var set = Labels(("suite", run.Trial.Suite), ("benchmark", run.Trial.Benchmark), ("protocol", run.Trial.Protocol),
            ("family", run.Trial.Family), ("configuration", run.Trial.ConfigurationHash), ("seed", $"{run.Trial.Seed}"),
            ("device", run.Device.Id), ("metric", point.Metric.Metric), ("version", $"{point.Metric.Version}"),
            ("source", point.Metric.Source), ("run", run.RunId));
        var seconds = run.Ended.ToUnixTimeMilliseconds() / 1000.0;
        return string.Create(CultureInfo.InvariantCulture, $"{point.Family}{{{set}}} {point.Value:R} {seconds:0.###}");
    }

    internal static string Labels(params IEnumerable<(string Name, string Value)> labels) =>
        string.Join(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Value)}\""));

    // A gauge with a unit must end in it.
    static string Family(MetricValue metric, string part)
    {
        var name = new StringBuilder("harness_");
        foreach (var c in metric.Metric) name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_');
        return name + part + (Unit(metric) is { } unit ? "_" + unit : "");
    }

    static string? Unit(MetricValue metric) => Units.GetValueOrDefault(metric.Unit);

    static string Help(MetricValue metric) =>
        $"{metric.Metric} in {(metric.Unit.Length > 0 ? metric.Unit : "no stated unit")}, direction {Words.Of(metric.Direction)}.";

    static string Escaped(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    sealed record Point(RunRecord Run, MetricValue Metric, string Family, double Value);
}
