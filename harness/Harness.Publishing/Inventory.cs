namespace Harness.Publishing;

/// <summary>
/// What an earlier publication wrote, one line a file: key and path. It says what may be removed, and what need not be rendered again.
/// </summary>
sealed record Inventory(string Program, IReadOnlyDictionary<string, string> Files)
{
    public const string FileName = "files.txt";
    const string Schema = "harness-site 2";
    const string Unkeyed = "-";

    public static Inventory Empty { get; } = new("", new Dictionary<string, string>());

    /// <summary>An inventory that cannot be read is treated as none: everything is rendered, nothing is removed.</summary>
    public static Inventory Read(string path)
    {
        if (!File.Exists(path)) return Empty;
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || lines.Current != Schema || !lines.MoveNext()) return Empty;
        var program = lines.Current;
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        while (lines.MoveNext())
            if (lines.Current.IndexOf(' ') is var space and > 0) files[lines.Current[(space + 1)..]] = lines.Current[..space];
        return new Inventory(program, files);
    }

    public static Inventory Of(string program, IEnumerable<Page> pages) =>
        new(program, pages.ToDictionary(page => page.Path, page => page.Key ?? Unkeyed, StringComparer.Ordinal));

    public bool Has(Page page, string program) =>
        page.Key is not null && program == Program && Files.TryGetValue(page.Path, out var key) && key == page.Key;

    public void Write(TextWriter writer)
    {
        writer.WriteLine(Schema);
        writer.WriteLine(Program);
        foreach (var (path, key) in Files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Write(key);
            writer.Write(' ');
            writer.WriteLine(path);
        }
    }
}
