using System.Globalization;
using System.Text;

namespace Harness.Results.Storage;

/// <summary>What lies where in a result store, and which version of the layout it has.</summary>
static class StoreFolder
{
    public const string Schema = "SCHEMA";
    public const string Incoming = ".incoming";
    const string Layout = "results-schema 1.";
    const int Minor = 3;

    /// <summary>Makes an empty folder a store, or checks that an existing one has a layout this program can write; an older one is
    /// raised to it.</summary>
    public static async Task PrepareAsync(string folder, CancellationToken cancellation)
    {
        Durable.CreateFolder(folder);
        var path = Path.Combine(folder, Schema);
        if (!File.Exists(path) && Directory.Exists(Path.Combine(folder, "runs")))
            throw new HarnessException($"'{folder}' holds runs but no {Schema} file, so their layout is unknown. "
                + $"Restore {Schema} from a copy.");
        var minor = File.Exists(path) ? CheckSchema(folder) : -1;
        if (minor > Minor)
            throw new HarnessException($"The result store '{folder}' has the layout '{Layout}{minor}', but this harness writes "
                + $"'{Layout}{Minor}'. Use a newer harness, or give --results another folder.");
        if (minor < Minor)
            await Durable.ReplaceAsync(path, Encoding.ASCII.GetBytes($"{Layout}{Minor}\n"), cancellation);
    }

    /// <summary>The minor version of the layout. A newer one only adds what a reader may skip.</summary>
    /// <exception cref="HarnessException">No store, or one of another major layout.</exception>
    public static int CheckSchema(string folder)
    {
        var path = Path.Combine(folder, Schema);
        if (!File.Exists(path))
            throw new HarnessException($"'{folder}' is not a result store: it has no {Schema} file. "
                + "Give --results the folder that 'harness run' wrote into.");
        var found = File.ReadAllText(path).Trim();
        if (found.StartsWith(Layout, StringComparison.Ordinal)
            && int.TryParse(found.AsSpan(Layout.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return minor;
        throw new HarnessException($"The result store '{folder}' has the layout '{found}', but this harness reads '{Layout}x'. "
            + "Use a newer harness.");
    }

    /// <summary>Every run folder, relative to the store, oldest first.</summary>
    public static IEnumerable<string> RunFolders(string store)
    {
        var runs = new DirectoryInfo(Path.Combine(store, "runs"));
        if (!runs.Exists) return [];
        return from year in Sorted(runs)
               from month in Sorted(year)
               from day in Sorted(month)
               from run in Sorted(day)
               select $"runs/{year.Name}/{month.Name}/{day.Name}/{run.Name}";
    }

    static IEnumerable<DirectoryInfo> Sorted(DirectoryInfo folder) =>
        folder.EnumerateDirectories().OrderBy(entry => entry.Name, StringComparer.Ordinal);

    public static bool IsDiskFull(IOException error) =>
        error.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    public static ResultNotStoredException DiskFull(string store, string runId, long needed, Exception? inner) => new(
        $"The disk of '{store}' is full: run {runId} needs {needed:N0} bytes and {Free(store):N0} are free. Nothing of it was recorded. " +
        "Free some space and start again with 'harness resume'.", inner);

    public static long Free(string store) => new DriveInfo(Path.GetFullPath(store)).AvailableFreeSpace;
}
