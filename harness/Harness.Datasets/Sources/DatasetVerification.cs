namespace Harness.Datasets.Sources;

/// <summary>What a hash of the cached files showed.</summary>
public enum HashState
{
    /// <summary>Every file has its pinned hash.</summary>
    Verified,
    /// <summary>A file whose hash nobody publishes is still the one that arrived.</summary>
    Recorded,
    /// <summary>Nothing is stored: the samples are computed from the card.</summary>
    Generated,
    Missing,
    Wrong,
}

/// <summary>One row of <c>harness data verify</c>.</summary>
/// <param name="Counts">Samples that were really read, per split; empty unless the hashes are verified.</param>
/// <param name="Bytes">Bytes of the files in the cache; before they are verified, those the card states.</param>
/// <param name="Problem">What is wrong and what to do; null when everything is as pinned.</param>
public sealed record DatasetVerification(string Id, string Protocol, int Files, HashState Hashes, IReadOnlyDictionary<Split, int> Counts,
    int Classes, long Bytes, string Licence, string? Problem)
{
    /// <summary>Hashes every file of the dataset in the cache again, then reads and counts every split.</summary>
    public static async ValueTask<DatasetVerification> OfAsync(IDataset<object> dataset, DirectoryInfo cache,
        CancellationToken cancellation)
    {
        var card = dataset.Card;
        var row = new DatasetVerification(card.Id, card.Protocol, card.Files.Count, Good(card), new Dictionary<Split, int>(), card.Classes,
            card.Files.Sum(file => file.Bytes) ?? 0, card.Licence, Problem: null);
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
        row = row with { Bytes = card.Files.Sum(file => FileStore.Locate(cache, file).Length) };
        return Count(row, dataset, cache, cancellation);
    }

    static HashState Good(DatasetCard card) => card.Files.Count == 0 ? HashState.Generated
        : card.Files.Any(file => file.Hash is null) ? HashState.Recorded : HashState.Verified;

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
