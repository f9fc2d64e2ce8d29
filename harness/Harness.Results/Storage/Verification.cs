using System.Text;
using System.Text.Json;

namespace Harness.Results.Storage;

/// <summary>Compares everything stored with its hashes and with the chain.</summary>
static class Verification
{
    public static async Task<IReadOnlyList<ResultProblem>> RunAsync(string store, CancellationToken cancellation)
    {
        var problems = new List<ResultProblem>();
        var chained = CheckChain(store, problems);
        foreach (var folder in StoreFolder.RunFolders(store))
        {
            if (chained.Remove(folder, out var entry)) await CheckRunAsync(store, folder, entry, problems, cancellation);
            else problems.Add(new(folder, Chain.FileName,
                "the run is not in the chain: it was put here by something else than the harness."));
        }
        problems.AddRange(chained.Keys.Order(StringComparer.Ordinal)
            .Select(folder => new ResultProblem(folder, RunFiles.Envelope, "the whole run is missing.")));
        return problems;
    }

    static Dictionary<string, ChainEntry> CheckChain(string store, List<ResultProblem> problems)
    {
        var entries = new Dictionary<string, ChainEntry>(StringComparer.Ordinal);
        string? before = null;
        var number = 0;
        foreach (var (line, entry) in Chain.Read(store))
        {
            number++;
            if (entry is null) problems.Add(new(".", Chain.FileName, $"line {number} is not a chain entry."));
            else
            {
                if (entry.Previous != Chain.Link(before)) problems.Add(new(".", Chain.FileName,
                    $"line {number} does not follow from the line before it."));
                if (!entries.TryAdd(entry.Folder, entry)) problems.Add(new(entry.Folder, Chain.FileName,
                    $"line {number} repeats the run."));
            }
            before = line;
        }
        return entries;
    }

    static async Task CheckRunAsync(string store, string folder, ChainEntry entry, List<ResultProblem> problems,
        CancellationToken cancellation)
    {
        try
        {
            var listed = RunFiles.Listed(store, folder);
            var artifacts = RunFiles.Hash(await File.ReadAllBytesAsync(Path.Combine(store, folder, RunFiles.Artifacts), cancellation));
            if (artifacts != entry.Artifacts) problems.Add(new(folder, RunFiles.Artifacts,
                "the list of hashes is not the one in the chain."));
            if (listed[RunFiles.Envelope] != entry.RunHash) problems.Add(new(folder, RunFiles.Envelope,
                "its hash is not the one in the chain."));
            foreach (var name in listed.Keys) await CheckFileAsync(store, folder, name, listed, problems, cancellation);
            foreach (var file in new DirectoryInfo(Path.Combine(store, folder)).EnumerateFileSystemInfos())
                if (file.Name != RunFiles.Artifacts && !listed.ContainsKey(file.Name)) problems.Add(new(folder, file.Name,
                    "the file is not in the list of hashes."));
        }
        catch (ResultDamagedException damage)
        {
            problems.Add(damage.Problem);
        }
    }

    static async Task CheckFileAsync(string store, string folder, string name, IReadOnlyDictionary<string, string> listed,
        List<ResultProblem> problems,
        CancellationToken cancellation)
    {
        try
        {
            var bytes = await RunFiles.BytesAsync(store, folder, name, listed, cancellation);
            if (name == RunFiles.Envelope && !IsCanonical(bytes)) problems.Add(new(folder, name, "it is not in canonical form."));
        }
        catch (ResultDamagedException damage)
        {
            problems.Add(damage.Problem);
        }
    }

    static bool IsCanonical(byte[] envelope)
    {
        try { return CanonicalJson.Write(JsonElement.Parse(envelope)) == Encoding.UTF8.GetString(envelope); }
        catch (JsonException) { return false; }
    }
}
