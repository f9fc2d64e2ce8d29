using Harness.Results.Indexing;
using Harness.Results.Storage;

namespace Harness.Results.Verifying;

/// <summary>Makes every segment of the index again from the run folders and compares bytes; what the index lacks is no problem.</summary>
static class IndexCheck
{
    public static async Task<IReadOnlyList<ResultProblem>> RunAsync(string store, CancellationToken cancellation)
    {
        var index = new IndexFolder(store);
        if (!index.Exists || await ReadOrNullAsync(store, cancellation) is not { } chain) return [];
        var problems = new List<ResultProblem>();
        var scratch = Directory.CreateTempSubdirectory("harness-index-");
        try
        {
            foreach (var segment in index.Row(chain))
            {
                var fresh = scratch.CreateSubdirectory(segment.Name);
                await new IndexSource(store, chain).WriteAsync(segment.First, segment.Last, fresh.FullName, cancellation);
                problems.AddRange(Compare(fresh.FullName, index.PathOf(segment), segment.Name));
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
        return problems;
    }

    // The problem of an unreadable chain is reported by the check of the chain.
    static async Task<Chain?> ReadOrNullAsync(string store, CancellationToken cancellation)
    {
        try { return await Chain.ReadAsync(store, cancellation); }
        catch (HarnessException) { return null; }
    }

    static IEnumerable<ResultProblem> Compare(string fresh, string stored, string name)
    {
        var tables = Directory.EnumerateFiles(fresh).Concat(Directory.EnumerateFiles(stored)).Select(Path.GetFileName).Distinct();
        foreach (var table in tables.Order(StringComparer.Ordinal))
        {
            var (one, other) = (Path.Combine(fresh, table!), Path.Combine(stored, table!));
            if (!File.Exists(one) || !File.Exists(other) || !File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other)))
                yield return new($"index/{name}", table!, "it is not what the stored runs give: 'harness index rebuild' makes it again.");
        }
    }
}
