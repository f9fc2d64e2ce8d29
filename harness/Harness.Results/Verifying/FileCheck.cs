using System.Text;
using System.Text.Json;
using Harness.Results.Storage;

namespace Harness.Results.Verifying;

/// <summary>Whether a run folder holds the listed files, all of them as they were written, and no others.</summary>
sealed class FileCheck(RunFolder folder, IReadOnlyDictionary<string, string> listed, IReadOnlyList<string> thinned,
    List<ResultProblem> problems)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var name in listed.Keys) await CheckAsync(name, cancellation);
        foreach (var file in new DirectoryInfo(folder.Path).EnumerateFileSystemInfos())
        {
            var known = file.Name == RunFiles.Artifacts || listed.ContainsKey(file.Name)
                || (file.Name == RunFiles.Thinned && thinned.Count > 0);
            if (!known) Report(file.Name, "the file is not in the list of hashes.");
        }
    }

    async Task CheckAsync(string name, CancellationToken cancellation)
    {
        if (thinned.Contains(name) && !File.Exists(folder.PathOf(name))) return;
        try
        {
            var bytes = await folder.BytesAsync(name, listed, cancellation);
            if (name == RunFiles.Envelope && !IsCanonical(bytes)) Report(name, "it is not in canonical form.");
        }
        catch (ResultDamagedException damage)
        {
            problems.Add(damage.Problem);
        }
    }

    void Report(string file, string message) => problems.Add(new(folder.Name, file, message));

    static bool IsCanonical(byte[] envelope)
    {
        try { return CanonicalJson.Write(JsonElement.Parse(envelope)) == Encoding.UTF8.GetString(envelope); }
        catch (JsonException) { return false; }
    }
}
