using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.History;

enum AlertKind { Worse, Better, Changed }

/// <summary>A change of a watched quantity: from which run on, how much, and between which commits.</summary>
sealed record Alert(Series Series, Change Change)
{
    public Occasion First => Series.Occasions[Change.Index];
    public Occasion Last => Series.Occasions[Change.Index - 1];
    public DateTimeOffset At => First.At;
    public string Id { get; } = Digest.Of(Series.Board.Suite, Series.Board.Key, Series.Row.Key, Series.Column.Key,
        Series.Occasions[Change.Index].Session);

    public AlertKind Kind => Series.Column.Direction switch
    {
        Direction.Higher => Change.After < Change.Before ? AlertKind.Worse : AlertKind.Better,
        Direction.Lower => Change.After > Change.Before ? AlertKind.Worse : AlertKind.Better,
        _ => AlertKind.Changed,
    };

    /// <summary>What else changed at the same time: the places to look first.</summary>
    public IEnumerable<string> Suspects => Session.Differences(Last, First);

    public string Sentence
    {
        get
        {
            var scale = Scale.For(Series.Column.Unit, Change.Before);
            var share = Change.Before == 0 ? "" : $" ({100 * ((Change.After / Change.Before) - 1):+0.0;−0.0;0} %)";
            return $"{Series.Column.Title} {scale.WithUnit(Change.Before)} → {scale.WithUnit(Change.After)}{share}";
        }
    }

    public static IReadOnlyList<Alert> Of(IEnumerable<Board> boards, Changes changes) =>
        [.. boards.SelectMany(board => board.Rows.SelectMany(row => Series.Of(board, row))).AsParallel().AsOrdered()
            .SelectMany(series => changes.Of(series).Select(change => new Alert(series, change)))
            .OrderByDescending(alert => alert.At).ThenBy(alert => alert.Id, StringComparer.Ordinal)];
}
