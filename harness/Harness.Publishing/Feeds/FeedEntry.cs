using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Feeds;

/// <summary>One piece of news.</summary>
sealed record FeedEntry(string Id, string Title, string Page, string Updated, string Summary)
{
    const int MostAlerts = 200;

    public static IEnumerable<FeedEntry> Newest(Site site) =>
        site.Runs.Take(50).Select(run => new FeedEntry($"urn:harness:run:{Slug.Of(run.RunId)}",
        Printable(
            $"{site.FamilyTitle(run.Trial.Family)} on {site.DatasetTitle(run.Trial.Protocol)}, seed {run.Trial.Seed}: "
                + Words.Of(run.State)),
        Location.Run(run.RunId), Words.Instant(run.Ended), Printable(Summarize(run))));

    public static IEnumerable<FeedEntry> Alerts(Site site) =>
        site.Confirmed.Take(MostAlerts).Select(alert => new FeedEntry($"urn:harness:confirmed:{alert.Found.Id}",
            Printable($"{alert.Word}: {alert.Found.Metric} of {alert.Cell}"), $"alerts.html#{alert.Found.Id}",
            Words.Instant(alert.Found.At), Printable(string.Join("; ", new[] { alert.Sentence, alert.Commits, alert.Found.Cause }
                .OfType<string>())))).Concat(
        site.Alerts.Take(MostAlerts).Select(alert => new FeedEntry($"urn:harness:alert:{alert.Id}",
        Printable($"{alert.Kind}: {alert.Series.Row.Label} on {alert.Series.Board.Heading}"), $"alerts.html#{alert.Id}",
            Words.Instant(alert.At),
        Printable(string.Join("; ", alert.Suspects.Prepend(alert.Sentence))))));

    static string Summarize(RunRecord run)
    {
        var numbers = run.Metrics.OrderByDescending(value => value.Primary).Take(4).Select(value =>
            $"{value.Metric} {Scale.Interval(Quantities.Shown(value.Metric, value.Unit), value.Value, value.Low, value.High)}");
        return string.Join("; ", run.Reason is { } reason ? numbers.Prepend(reason) : numbers);
    }

    // XML 1.0 has no way to write control characters.
    static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
