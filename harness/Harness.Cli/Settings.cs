using System.CommandLine;

namespace Harness.Cli;

/// <summary>The options every command understands, and the folders they name.</summary>
public sealed class Settings(Terminal terminal)
{
    readonly Option<DirectoryInfo[]> results = new("--results")
    {
        Description = "Folder of results (default: results/ of the checkout, or ./results); several for reading.", Recursive = true,
    };
    readonly Option<DirectoryInfo?> cache = new("--cache")
    {
        Description = "Folder for datasets (default: $HARNESS_CACHE, else the user's cache folder).", Recursive = true,
    };
    readonly Option<FileInfo[]> plugins = new("--plugin")
    {
        Description = "Assembly with a public Suite to add to the registry; repeatable.", Recursive = true,
    };
    readonly Option<bool> json = new("--json") { Description = "Print JSON instead of a table.", Recursive = true };
    readonly Option<bool> offline = new("--offline") { Description = "Never use the network.", Recursive = true };

    public Terminal Terminal { get; } = terminal;

    public IEnumerable<Option> Options => [results, cache, plugins, json, offline];

    public Workspace Of(ParseResult parsed)
    {
        if (parsed.GetValue(offline)) Environment.SetEnvironmentVariable("HARNESS_OFFLINE", "1");
        var folders = parsed.GetValue(results) is { Length: > 0 } given ? given : [new DirectoryInfo(Path.Combine(Checkout(), "results"))];
        return new(folders, parsed.GetValue(cache) ?? DefaultCache(), parsed.GetValue(plugins) ?? [], parsed.GetValue(json), Terminal);
    }

    /// <summary>The folder of the checkout that holds the current folder, else the current folder.</summary>
    public static string Checkout()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "harness.sln"))) return folder.FullName;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "harness.sln"))) return folder.FullName;
        return Environment.CurrentDirectory;
    }

    static DirectoryInfo DefaultCache() =>
        new(Environment.GetEnvironmentVariable("HARNESS_CACHE") is { Length: > 0 } chosen ? chosen
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } standard ? standard
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "harness"));
}
