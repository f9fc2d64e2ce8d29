using Harness.Publishing.Text;

namespace Harness.Publishing.History;

/// <summary>A confirmed change as pages and feeds tell it.</summary>
sealed record ConfirmedAlert(Results.Alert Found)
{
    public bool IsWorse => Found.Verdict == "regression";

    public string Word => Found.Verdict;

    /// <summary>The part of the comparability key that says what was run.</summary>
    public string Cell => Found.Series.Split('|').FirstOrDefault(part => part.Contains('/')) ?? Found.Series;

    public string Sentence
    {
        get
        {
            var scale = Scale.For(Found.Unit ?? "1", Found.Before);
            var share = Found.Before == 0 ? "" : $" ({100 * ((Found.After / Found.Before) - 1):+0.0;−0.0;0} %)";
            return $"{scale.WithUnit(Found.Before)} → {scale.WithUnit(Found.After)}{share}";
        }
    }

    public string? Commits => Found switch
    {
        { FirstBadCommit: { } bad, Unjudged: { Count: > 0 } between } =>
            $"{Words.Short(bad)}, or one of {string.Join(", ", between.Select(Words.Short))}, which could not be judged",
        { FirstBadCommit: { } bad } => Words.Short(bad),
        { GoodCommit: { } good } => $"after {Words.Short(good)}",
        _ => null,
    };
}
