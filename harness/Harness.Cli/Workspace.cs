using Harness.Core.Registry;

namespace Harness.Cli;

/// <summary>Where one call of the program works, and how it prints.</summary>
public sealed class Workspace(IReadOnlyList<DirectoryInfo> results, DirectoryInfo cache, IReadOnlyList<FileInfo> plugins, bool json,
    Terminal terminal)
{
    readonly Lazy<Catalogue> _catalogue = new(() => new Catalogue([.. Suites.All, .. plugins.Select(Plugins.Load)]));

    /// <summary>Folders of results; the first one is written to.</summary>
    public IReadOnlyList<DirectoryInfo> Results { get; } = results;
    public DirectoryInfo Cache { get; } = cache;
    public IReadOnlyList<FileInfo> PluginFiles { get; } = plugins;
    public bool Json { get; } = json;
    public Terminal Terminal { get; } = terminal;
    public Catalogue Catalogue => _catalogue.Value;

    /// <summary>Prints rows as JSON or as a table, as the user asked.</summary>
    public void Print<T>(IReadOnlyList<string> columns, IEnumerable<T> rows, Func<T, IReadOnlyList<string>> cells)
    {
        var list = rows.ToList();
        if (Json) Terminal.Json(list);
        else Terminal.Table(columns, [.. list.Select(cells)]);
    }
}
