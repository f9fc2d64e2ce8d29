using System.Globalization;
using Harness.Results.Storage;

namespace Harness.Results.Indexing;

/// <summary>
/// A part of the index: a folder of tables that covers consecutive lines of the chain. Its name holds the first and last line and the
/// hashes before and after them, so that the parts that fit together, and to the chain, are known without opening one.
/// </summary>
sealed record Segment(long First, long Last, string Before, string After)
{
    const int LinkLength = 16;
    /// <summary>What the segment of line 1 has before it.</summary>
    public static string Root { get; } = Cut(Chain.Start);

    public long Lines => Last - First + 1;
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{First:D10}-{Last:D10}.{Before}.{After}");

    public static string Cut(string link) => link[..LinkLength];

    public static Segment? ParseOrNull(string name)
    {
        var parts = name.Split('.');
        if (parts.Length != 3 || parts[0].Split('-') is not [var first, var last]) return null;
        if (!long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)) return null;
        var segment = new Segment(from, to, parts[1], parts[2]);
        return segment.Name == name ? segment : null;
    }

    /// <summary>The widest segments that follow one another from line 1 on.</summary>
    public static IReadOnlyList<Segment> Row(IEnumerable<Segment> found)
    {
        var starts = found.ToLookup(segment => (segment.First, segment.Before));
        var row = new List<Segment>();
        var (next, link) = (1L, Root);
        while (starts[(next, link)].MaxBy(segment => segment.Last) is { } widest)
        {
            row.Add(widest);
            (next, link) = (widest.Last + 1, widest.After);
        }
        return row;
    }
}
