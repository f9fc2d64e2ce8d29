using Harness.Results.Storage;

namespace Harness.Results.Indexing;

/// <summary>Where the index of a store lies: <c>index/v3/</c>, one sub-folder per <see cref="Segment"/>. Anyone may delete it.</summary>
sealed record IndexFolder(string Store)
{
    /// <summary>Beginning of names of folders that are not whole yet, or about to be deleted.</summary>
    public const string Draft = ".draft-";

    public string Root => System.IO.Path.Combine(Store, "index");
    public string Path => System.IO.Path.Combine(Root, $"v{IndexTables.Version}");
    public bool Exists => Directory.Exists(Path);

    public string PathOf(Segment segment) => System.IO.Path.Combine(Path, segment.Name);

    public IReadOnlyList<Segment> Segments() => Exists
        ? [.. Directory.EnumerateDirectories(Path).Select(path => Segment.ParseOrNull(System.IO.Path.GetFileName(path))).OfType<Segment>()]
        : [];

    /// <summary>The segments that cover the whole chain up to <paramref name="head"/>; null when the index is behind or absent.</summary>
    public IReadOnlyList<Segment>? FreshOrNull(string head)
    {
        var row = Segment.Row(Segments());
        return row.Count > 0 && row[^1].After == Segment.Cut(head) ? row : null;
    }

    /// <summary>The segments that follow one another and belong to this chain, which may have gone on.</summary>
    public IReadOnlyList<Segment> Row(Chain chain) => [.. Segment.Row(Segments()).TakeWhile(segment =>
        segment.Last <= chain.Lines.Count && Segment.Cut(chain.Lines[(int)segment.Last - 1].Link) == segment.After)];

    /// <summary>Whether every table of a segment begins and ends as Parquet does: a power cut can leave a file short.</summary>
    public bool IsWhole(Segment segment) => Directory.EnumerateFiles(PathOf(segment)).All(IsWhole);

    static bool IsWhole(string file)
    {
        Span<byte> mark = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        if (stream.Length < 12) return false;
        stream.ReadExactly(mark);
        if (!mark.SequenceEqual("PAR1"u8)) return false;
        stream.Position = stream.Length - 4;
        stream.ReadExactly(mark);
        return mark.SequenceEqual("PAR1"u8);
    }
}
