using Harness.Queue;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>Files of bundles by their hash, fetched once, in pieces, and verified before every use.</summary>
sealed class BundleCache(DirectoryInfo folder, IFleetLink link)
{
    readonly FolderBlobStore _store = new(folder);

    /// <exception cref="HarnessException">A file is not what its hash says, or its name is none.</exception>
    public async Task<IReadOnlyList<BundleFile>> FetchAsync(Lease lease, CancellationToken cancellation)
    {
        var files = new List<BundleFile>();
        foreach (var artefact in lease.Job.Bundle) files.Add(new(artefact, await FetchAsync(lease, artefact, cancellation)));
        return files;
    }

    /// <summary>Each artefact lies under its own name in a folder of its hash: the name of an assembly matters to who loads it.</summary>
    async Task<FileInfo> FetchAsync(Lease lease, Artefact artefact, CancellationToken cancellation)
    {
        ArtefactName.Check(artefact.Name);
        var content = _store.FileOf(artefact.Hash);
        if (content.Exists && await BlobHash.OfAsync(content, cancellation) != artefact.Hash) content.Delete();
        var held = 0L;
        while (!_store.FileOf(artefact.Hash).Exists)
        {
            var answer = await link.AskAsync("fetch", Frame.Write(new FetchRequest(lease.Job.Id, lease.Token, artefact.Hash, held)),
                cancellation);
            _ = LinkExtensions.ValueOf<FetchAnswer>(answer);
            held = await _store.WriteAsync("fetched", artefact.Hash, artefact.Bytes, held, Frame.PieceOf(answer), cancellation);
        }
        var named = new FileInfo(ArtefactName.PathIn(folder, $"named/{artefact.Hash}/{artefact.Name}"));
        if (named.Exists && named.Length == artefact.Bytes && await BlobHash.OfAsync(named, cancellation) == artefact.Hash) return named;
        named.Directory!.Create();
        _store.FileOf(artefact.Hash).CopyTo(named.FullName, overwrite: true);
        return named;
    }
}
