using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>One leaderboard: everything that ran on one protocol for one benchmark. Limited runs stand apart and are never ranked with full ones.</summary>
public sealed record Board(string Suite, string Benchmark, string Title, string Protocol, DatasetCard? Dataset, IReadOnlyList<Column> Columns,
    IReadOnlyList<Row> Rows, IReadOnlyList<Row> Limited)
{
    /// <summary>Unique within the site, usable as a file name and as an HTML id.</summary>
    public string Key => $"{Slug.Of(Benchmark)}-{Slug.Of(Protocol)}";
    public string Folder => $"suites/{Slug.Of(Suite)}";
    /// <summary>The file beside the table, for example its CSV form; stable over publications.</summary>
    public string File(string ending) => $"{Folder}/{Key}.{ending}";
    public string Heading => $"{Title} on {Dataset?.Title ?? Protocol}";
    public Column? Primary => Columns.FirstOrDefault(column => column.Primary);
    public Row? Best => Rows.FirstOrDefault(row => row.Rank == 1);
    public IEnumerable<Row> All => Rows.Concat(Limited);

    /// <summary>The scale of each column over all of its rows, so that full and limited tables read alike.</summary>
    public IReadOnlyList<Scale> Scales { get; } =
        [.. Columns.Select((column, i) => Scale.For(column.Unit,
            Rows.Concat(Limited).Select(row => row.Cells[i]).Where(cell => cell.Any).Select(cell => cell.Mean)))];

    /// <summary>The first column that fits, or −1.</summary>
    public int IndexOf(Func<Column, bool> fits)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (fits(Columns[i])) return i;
        return -1;
    }
}
