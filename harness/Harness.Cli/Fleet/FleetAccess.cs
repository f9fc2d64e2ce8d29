using System.CommandLine;
using Harness.Queue.Nats.Serving;

namespace Harness.Cli.Fleet;

/// <summary>The options by which commands find a coordinator.</summary>
sealed class FleetAccess
{
    public Option<DirectoryInfo?> Folder { get; } = new("--fleet-folder")
    {
        Description = "Folder of the coordinator, with operator.json (default: $HARNESS_FLEET, else the user's data folder).",
    };

    public static DirectoryInfo DefaultFolder =>
        new(Environment.GetEnvironmentVariable("HARNESS_FLEET") is { Length: > 0 } chosen ? chosen
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } standard ? standard
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share"), "harness", "fleet"));

    public DirectoryInfo FolderOf(ParseResult parsed) => parsed.GetValue(Folder) ?? DefaultFolder;

    /// <param name="url">Where the coordinator is reached from here; null or empty is the address in its own file.</param>
    public OperatorFile Open(ParseResult parsed, string? url = null)
    {
        var file = OperatorFile.Read(FolderOf(parsed));
        return string.IsNullOrEmpty(url) ? file : file with { Url = url };
    }
}
