using Harness.Results.Indexing;
using Harness.Results.Storage;

namespace Harness.Results.Verifying;

/// <summary>Compares everything stored with its hashes, with the chain, with its signatures and with what it was derived from.</summary>
sealed class Verification(string store, Trust trust)
{
    readonly List<ResultProblem> _problems = [];
    readonly TargetCheck _targets = new();

    public async Task<VerificationReport> RunAsync(CancellationToken cancellation)
    {
        var chain = ChainCheck.Read(store, _problems);
        var signatures = new SignatureCheck(trust, chain, _problems);
        var missing = new HashSet<string>(chain.Stored.Keys, StringComparer.Ordinal);
        foreach (var folder in StoreFolder.RunFolders(store))
        {
            missing.Remove(folder);
            await CheckRunAsync(new(store, folder), chain, signatures, cancellation);
        }
        foreach (var folder in missing.Where(folder => !chain.Removed.Contains(folder)).Order(StringComparer.Ordinal))
            Report(folder, RunFiles.Envelope, $"the whole run is missing; if it cannot be brought back, `harness rm "
                + $"{chain.Stored[folder].RunId} --reason …` gives it up.");
        await CheckFindingsAsync(chain, cancellation);
        signatures.CheckChain();
        _problems.AddRange(_targets.Problems());
        // The index is compared with the runs, so they must be what was written.
        if (_problems.Count == 0) _problems.AddRange(await IndexCheck.RunAsync(store, cancellation));
        return new([.. _problems.Distinct()], chain.Stored.Count - missing.Count, signatures.Unsigned, signatures.Signed);
    }

    async Task CheckRunAsync(RunFolder folder, ChainCheck chain, SignatureCheck signatures, CancellationToken cancellation)
    {
        if (!chain.Stored.TryGetValue(folder.Name, out var entry))
        {
            Report(folder.Name, Chain.FileName, "the run is not in the chain: it was put here by something else than the harness.");
            return;
        }
        if (chain.Removed.Contains(folder.Name))
            Report(folder.Name, Chain.FileName, "the chain says that the run was removed, but here it is.");
        try
        {
            var listed = folder.Listed();
            if (await folder.ArtifactsHashAsync(cancellation) != entry.Artifacts)
                Report(folder.Name, RunFiles.Artifacts, "the list of hashes is not the one in the chain.");
            if (listed[RunFiles.Envelope] != entry.RunHash)
                Report(folder.Name, RunFiles.Envelope, "its hash is not the one in the chain.");
            var thinned = chain.Thinned.GetValueOrDefault(folder.Name, []);
            await new FileCheck(folder, listed, thinned, _problems).RunAsync(cancellation);
            await signatures.CheckRunAsync(folder, listed, entry, cancellation);
            await _targets.AddAsync(folder, listed, cancellation);
        }
        catch (ResultDamagedException damage)
        {
            _problems.Add(damage.Problem);
        }
    }

    async Task CheckFindingsAsync(ChainCheck chain, CancellationToken cancellation)
    {
        foreach (var (file, entry) in chain.Findings)
        {
            var path = Path.Combine(store, file);
            if (!File.Exists(path)) Report(".", file, "the finding is missing.");
            else if (RunFiles.Hash(await File.ReadAllBytesAsync(path, cancellation)) != entry.RunHash)
                Report(".", file, "its hash is not the one in the chain.");
        }
        foreach (var file in FindingFile.All(store).Where(file => !chain.Findings.ContainsKey(file)))
            Report(".", file, "the finding is not in the chain: it was put here by something else than the harness.");
    }

    void Report(string folder, string file, string message) => _problems.Add(new(folder, file, message));
}
