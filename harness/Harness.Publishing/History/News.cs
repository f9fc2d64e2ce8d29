using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.History;

/// <summary>One thing that is different from a week before: what, in words, and the page that shows it.</summary>
sealed record NewsItem(string Kind, Board Board, Row? Row, string Text, string Page)
{
    public DateTimeOffset At => Row?.Newest ?? Board.At ?? DateTimeOffset.MinValue;
}

/// <summary>What changed within the last days before the newest run: boards as they are against boards as they were.</summary>
static class News
{
    public const int Days = 7;
    const string NewResult = "new result";
    const int MostSingle = 4;

    public static IReadOnlyList<NewsItem> Of(Site site)
    {
        var since = site.At.AddDays(-Days);
        var touched = site.Boards.Where(board => board.At > since).ToArray();
        var runs = site.Runs.Where(run => run.Ended <= since).ToLookup(BoardBuilder.KeyOf);
        return [.. touched.AsParallel().AsOrdered().SelectMany(board =>
                Differences(board, site.Builder.Build((board.Suite, board.Benchmark, board.Protocol), [.. runs[(board.Suite,
                    board.Benchmark, board.Protocol)]])))
            .OrderBy(item => Order(item.Kind)).ThenByDescending(item => item.At).ThenBy(item => item.Page, StringComparer.Ordinal)];
    }

    static int Order(string kind) => kind switch { "first place" => 0, "failed" => 1, "moved" => 2, NewResult => 3, _ => 4 };

    static IEnumerable<NewsItem> Differences(Board now, Board before)
    {
        var old = before.Rows.ToDictionary(row => row.Key, StringComparer.Ordinal);
        if (before.Rows.Count > 0 && now.Best is { } best && Leaders(now) is var leaders && !leaders.SetEquals(Leaders(before)))
            yield return new("first place", now, best, leaders.Count == 1 ? $"{best.Label} is now the only row that may be first"
                : $"{Words.Plural(leaders.Count, "row")} may now be first, {best.Label} among them", now.Page);
        var items = now.Rows.Select(row => DifferenceOrNull(now, row, old.GetValueOrDefault(row.Key), before)).OfType<NewsItem>().ToArray();
        var fresh = items.Where(item => item.Kind == NewResult).ToArray();
        foreach (var item in items)
            if (item.Kind != NewResult || fresh.Length <= MostSingle) yield return item;
        if (fresh.Length > MostSingle) yield return new(NewResult, now, fresh[0].Row,
            $"{fresh.Length} new rows; the best: {fresh[0].Text}", now.Page);
    }

    static HashSet<string> Leaders(Board board) => [.. board.Rows.Where(row => row.Rank is { Best: 1 }).Select(row => row.Key)];

    static NewsItem? DifferenceOrNull(Board board, Row row, Row? old, Board before)
    {
        NewsItem Item(string kind, string text) => new(kind, board, row, text, board.ResultPage(row));
        if (row.Finished.Count == 0)
            return old is null || old.Finished.Count > 0
                ? Item("failed", $"{row.Label}: {string.Join(", ", row.Unfinished.Select(run => Words.Of(run.State)).Distinct())}") : null;
        if (board.PrimaryIndex < 0 || !row.Cells[board.PrimaryIndex].Any) return null;
        var (cell, scale) = (row.Cells[board.PrimaryIndex], board.Scales[board.PrimaryIndex]);
        if (old is null || old.Finished.Count == 0)
            return Item(NewResult, $"{row.Label}: {board.Primary!.Title} {scale.WithUnit(cell.Mean)}, rank {row.Rank}");
        return before.PrimaryIndex >= 0 && old.Cells[before.PrimaryIndex] is { Any: true } earlier && Apart(earlier, cell)
            ? Item("moved", $"{row.Label}: {board.Primary!.Title} {scale.WithUnit(earlier.Mean)} → {scale.WithUnit(cell.Mean)}") : null;
    }

    static bool Apart(Cell one, Cell other) => one.Hull is { } a && other.Hull is { } b && (a.Low > b.High || b.Low > a.High);
}
