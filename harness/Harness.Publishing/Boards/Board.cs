using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>One leaderboard: everything that ran on one protocol for one benchmark. Limited runs stand apart and are never ranked with full
/// ones.</summary>
public sealed record Board(string Suite, string Benchmark, string Title, string Protocol, DatasetCard? Dataset,
    IReadOnlyList<Column> Columns,
    IReadOnlyList<Row> Rows, IReadOnlyList<Row> Limited)
{
    /// <summary>Unique within the suite, usable as a file name and as an HTML id.</summary>
    public string Key { get; } = $"{Slug.Of(Benchmark)}-{Slug.Of(Protocol)}";
    public string Folder { get; } = $"suites/{Slug.Of(Suite)}";
    public string Page => File("html");
    /// <summary>The file beside the table, for example its CSV form; stable over publications.</summary>
    public string File(string ending) => $"{Folder}/{Key}.{ending}";
    public string Heading => $"{Title} on {Dataset?.Title ?? Protocol}";
    public Column? Primary => Columns.FirstOrDefault(column => column.Primary);
    public int PrimaryIndex { get; } = Columns.ToList().FindIndex(column => column.Primary);
    public Row? Best => Rows.FirstOrDefault(row => row.Rank is { Best: 1 });
    public IEnumerable<Row> All => Rows.Concat(Limited);
    /// <summary>When the newest run of the board ended; null before the first.</summary>
    public DateTimeOffset? At { get; } = Rows.Concat(Limited).Select(row => (DateTimeOffset?)row.Newest).Max();

    /// <summary>The scale of each column over all of its rows, so that full and limited tables read alike.</summary>
    public IReadOnlyList<Scale> Scales { get; } =
        [.. Columns.Select((column, i) => Scale.For(column.Unit,
            Rows.Concat(Limited).Select(row => row.Cells[i]).Where(cell => cell.Any).Select(cell => cell.Mean)))];

    public string ResultPage(Row row) => $"results/{Slug.Of(Suite)}/{Key}/{row.Key}.html";
    public string Badge(Row row) => $"badges/{Slug.Of(Suite)}/{Key}/{row.Key}.svg";

    /// <summary>The first column that fits, or −1.</summary>
    public int IndexOf(Func<Column, bool> fits)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (fits(Columns[i])) return i;
        return -1;
    }

    /// <summary>The energy that most rows state; −1 where no joule is known.</summary>
    public int EnergyIndex()
    {
        var energies = Enumerable.Range(0, Columns.Count).Where(i => Columns[i].Energy).ToArray();
        return energies.Length == 0 ? -1 : energies.MaxBy(i => Rows.Count(row => row.Cells[i].Any));
    }

    /// <summary>The energy of the highest evidence tier, if it is measured and two rows state it; else −1.</summary>
    public int MeasuredEnergyIndex() => Enumerable.Range(0, Columns.Count)
        .Where(i => Columns[i].Energy && Rows.Count(row => string.CompareOrdinal(row.Cells[i].Tier, "E2") >= 0) > 1)
        .OrderByDescending(i => Rows.Max(row => row.Cells[i].Tier), StringComparer.Ordinal).FirstOrDefault(-1);

    public int LatencyIndex() => IndexOf(column => column.Metric == "latency.p50");
}
