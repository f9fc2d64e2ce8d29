namespace Harness.Results.Exchange;

/// <summary>A night as Markdown: what a pull request or a mail shows.</summary>
static class NightMarkdown
{
    public static void Write(NightReport night, TextWriter text)
    {
        var regressions = night.Regressions.Count();
        text.Write($"# {(regressions == 0 ? "No regression" : regressions == 1 ? "1 regression" : $"{regressions} regressions")}\n\n");
        text.Write($"Session {night.Session} on {night.Device}: head `{NightText.Short(night.Head)}` against the pinned base "
            + $"`{NightText.Short(night.Base)}`. Positive changes of time, memory and energy are costs.\n\n");
        foreach (var alert in night.Alerts)
            text.Write($"- **{alert.Verdict}** in {Cell(alert.Series)}: {Escaped(NightText.Sentence(alert))}\n  `{alert.Reproduce}`\n");
        foreach (var happened in night.Events) text.Write($"- **{happened.Event}**: {Escaped(happened.Note)}\n");
        foreach (var missing in night.Unmeasured) text.Write($"- **not measured**: {Escaped(missing)}\n");
        if (night.Alerts.Count + night.Events.Count + night.Unmeasured.Count > 0) text.Write('\n');
        Table(night.Nightly, "head against base", text);
        Table(night.Controls, "control: base against its copy", text);
    }

    static void Table(IEnumerable<Comparison> rows, string title, TextWriter text)
    {
        var list = rows.OrderBy(row => row.Entry!.Series, StringComparer.Ordinal).ToList();
        if (list.Count == 0) return;
        text.Write($"| {title} | metric | base | head | change | 95 % interval | p | detectable | outcome |\n");
        text.Write("|---|---|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var row in list)
            text.Write($"| {Cell(row.Entry!.Series)} | {row.Metric} | {NightText.Value(row.Entry.Before, row.Entry.Unit)} "
                + $"| {NightText.Value(row.Entry.After, row.Entry.Unit)} | {NightText.Effect(row.Design, row.Effect)} "
                + $"| {NightText.Range(row)} | {NightText.Probability(row.P)} "
                + $"| {(row.DetectableEffect is { } least ? NightText.Effect(row.Design, least).TrimStart('+') : "–")} "
                + $"| {row.Entry.Outcome}: {Escaped(row.Entry.Reason)} |\n");
        text.Write('\n');
    }

    // The part of a comparability key that says what was run.
    internal static string Cell(string series) => series.Split('|').FirstOrDefault(part => part.Contains('/')) ?? series;

    static string Escaped(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|");
}
