namespace Harness.Datasets.Sources;

/// <summary>What a hash of the cached files showed.</summary>
public enum HashState { Verified, Missing, Wrong }

/// <summary>One row of <c>harness data verify</c>.</summary>
/// <param name="Counts">Samples that were really read, per split; empty unless the hashes are verified.</param>
/// <param name="Problem">What is wrong and what to do; null when everything is as pinned.</param>
public sealed record DatasetVerification(string Id, string Protocol, int Files, HashState Hashes, IReadOnlyDictionary<Split, int> Counts,
    int Classes, long Bytes, string Licence, string? Problem)
{
    /// <summary>Hashes every file of the dataset in the cache again, then reads and counts every split.</summary>
    public static async ValueTask<DatasetVerification> OfAsync(IDataset<object> dataset, DirectoryInfo cache,
        CancellationToken cancellation)
    {
        var card = dataset.Card;
        var row = new DatasetVerification(card.Id, card.Protocol, card.Files.Count, HashState.Verified, new Dictionary<Split, int>(),
            card.Classes, card.Files.Sum(file => file.Bytes), card.Licence, Problem: null);
        foreach (var file in card.Files)
            try
            {
                await FileStore.VerifyAsync(cache, file, cancellation);
            }
            catch (DataUnavailableException problem)
            {
                var state = FileStore.Locate(cache, file).Exists ? HashState.Wrong : HashState.Missing;
                return row with { Hashes = state, Problem = problem.Message };
            }
        return Count(row, dataset, cache, cancellation);
    }

    static DatasetVerification Count(DatasetVerification row, IDataset<object> dataset, DirectoryInfo cache, CancellationToken cancellation)
    {
        var counts = new Dictionary<Split, int>();
        try
        {
            foreach (var split in Enum.GetValues<Split>())
            {
                var count = 0;
                foreach (var _ in dataset.Read(cache, split))
                {
                    cancellation.ThrowIfCancellationRequested();
                    count++;
                }
                counts[split] = count;
            }
        }
        catch (HarnessException problem)
        {
            return row with { Counts = counts, Problem = problem.Message };
        }
        var wrong = dataset.Card.Counts.Where(pinned => counts[pinned.Key] != pinned.Value).Select(pinned =>
            $"{pinned.Key} has {counts[pinned.Key]:N0} samples, the card says {pinned.Value:N0}").ToList();
        return row with { Counts = counts, Problem = wrong.Count > 0 ? string.Join("; ", wrong) : null };
    }
}
