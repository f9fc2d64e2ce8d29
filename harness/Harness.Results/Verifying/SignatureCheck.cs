using Harness.Results.Signing;
using Harness.Results.Storage;

namespace Harness.Results.Verifying;

/// <summary>
/// Whether runs and chain lines are signed, by whom, and whether the signatures hold. Hashes can be computed again by whoever edits a
/// result; a signature cannot.
/// </summary>
sealed class SignatureCheck(Trust trust, ChainCheck chain, List<ResultProblem> problems)
{
    readonly Dictionary<string, PublicKey> _keys = trust.Keys.ToDictionary(key => key.Id, StringComparer.Ordinal);
    readonly Dictionary<string, int> _signed = new(StringComparer.Ordinal);

    public int Unsigned { get; private set; }
    /// <summary>Key id to number of runs.</summary>
    public IReadOnlyDictionary<string, int> Signed => _signed;

    public async Task CheckRunAsync(RunFolder folder, IReadOnlyDictionary<string, string> listed, ChainEntry entry,
        CancellationToken cancellation)
    {
        void Report(string message) => problems.Add(new(folder.Name, RunSignature.FileName, message));
        if (!listed.ContainsKey(RunSignature.FileName))
        {
            Unsigned++;
            if (entry.Key is not null) Report("the chain says that the run was signed, but it has no signature.");
            else if (trust.Required) Report("the run is not signed.");
            return;
        }
        if (!File.Exists(folder.PathOf(RunSignature.FileName))) return;
        if (RunSignature.ReadOrNull(await File.ReadAllBytesAsync(folder.PathOf(RunSignature.FileName), cancellation)) is not { } signature)
        {
            Report("it is not a signature.");
            return;
        }
        _keys.TryAdd(signature.Key.Id, signature.Key);
        _signed[signature.KeyId] = _signed.GetValueOrDefault(signature.KeyId) + 1;
        if (!signature.Covers(Without(await File.ReadAllLinesAsync(folder.PathOf(RunFiles.Artifacts), cancellation))))
            Report($"the signature of key {signature.KeyId} does not belong to these files: something was changed after it was signed.");
        else if (!trust.Includes(signature.Key)) Report($"it is signed by key {signature.KeyId}, which you do not trust.");
    }

    /// <summary>After all runs, because they bring the keys.</summary>
    public void CheckChain()
    {
        var signedBefore = false;
        for (var index = 0; index < chain.Lines.Count; index++)
        {
            var (line, entry) = chain.Lines[index];
            if (ProblemOrNull(line, entry, signedBefore) is { } problem)
                problems.Add(new(".", Chain.FileName, $"line {index + 1}, {entry.Folder}: {problem}"));
            signedBefore |= entry.Key is not null;
        }
    }

    string? ProblemOrNull(string line, ChainEntry entry, bool signedBefore)
    {
        if (entry.Key is null)
            return signedBefore ? "it is not signed, though lines before it are." : trust.Required ? "it is not signed." : null;
        if (!_keys.TryGetValue(entry.Key, out var key)) return $"the key {entry.Key} that signed it is not known here.";
        if (!ChainSignature.Holds(line, key)) return "its signature does not hold: the line, or one before it, was changed.";
        return trust.Includes(key) ? null : $"it is signed by key {key.Id}, which you do not trust.";
    }

    static string Without(string[] lines) =>
        string.Concat(lines.Where(line => !line.EndsWith("  " + RunSignature.FileName, StringComparison.Ordinal))
            .Select(line => line + "\n"));
}
