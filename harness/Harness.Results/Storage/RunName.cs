using System.Globalization;

namespace Harness.Results.Storage;

/// <summary>
/// Where a run lies: <c>runs/YYYY/MM/DD/UTCstamp_device_family_dataset_cfg8_ulid6</c>, lower-case ASCII, at most 120 characters,
/// so that the name is valid on every file system and sorts by time.
/// </summary>
static class RunName
{
    const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    public static string Folder(RunRecord run)
    {
        var started = run.Started.ToUniversalTime();
        var day = started.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);
        var stamp = started.ToString(Stamp, CultureInfo.InvariantCulture).ToLowerInvariant();
        return $"runs/{day}/{stamp}_{Part(run.Device.Id, 24)}_{Part(run.Trial.Family, 32)}_{Part(run.Trial.Protocol, 24)}" +
            $"_{run.Trial.ConfigurationHash}_{Suffix(run.RunId)}";
    }

    public static string Suffix(string runId) => runId[^6..].ToLowerInvariant();

    /// <summary>Where a run folder of this name belongs.</summary>
    public static string FolderOf(string name) => $"runs/{name[..4]}/{name[4..6]}/{name[6..8]}/{name}";

    /// <summary>The time stamp a folder name begins with: runs sort by it.</summary>
    public static string StampOf(string folder)
    {
        var name = folder[(folder.LastIndexOf('/') + 1)..];
        var end = name.IndexOf('_');
        return end < 0 ? name : name[..end];
    }

    /// <exception cref="HarnessException">The run id cannot be part of a name.</exception>
    public static void Check(string runId)
    {
        if (runId.Length < 6 || !runId.All(char.IsAsciiLetterOrDigit))
            throw new HarnessException($"The run id '{runId}' is not a ULID: it must be at least 6 ASCII letters and digits.");
    }

    static string Part(string text, int longest)
    {
        var kept = text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-').Take(longest).ToArray();
        return new string(kept).Trim('.', '-') is { Length: > 0 } part ? part : "x";
    }
}
