using Harness.Datasets.Sources;
using Harness.Testing;

namespace Harness.Datasets.Tests.Sources;

public sealed class DatasetVerificationTests : IDisposable
{
    readonly Fetching _fetching = new();

    public void Dispose() => _fetching.Dispose();

    [Fact]
    public async Task A_set_as_pinned_is_verified_and_counted()
    {
        Fetching.Put(_fetching.Cache, "set/file", _fetching.Content);
        var row = await Verify(Set(train: 3));
        Assert.Equal((HashState.Verified, null, 100_000L, 1), (row.Hashes, row.Problem, row.Bytes, row.Files));
        Assert.Equal(3, row.Counts[Split.Train]);
    }

    [Fact]
    public async Task A_missing_file_and_a_wrong_one_are_told_apart()
    {
        var missing = await Verify(Set(train: 3));
        Assert.Equal(HashState.Missing, missing.Hashes);
        Assert.Contains("is not in the cache; fetch the dataset first", missing.Problem);

        var flipped = (byte[])_fetching.Content.Clone();
        flipped[5] ^= 4;
        Fetching.Put(_fetching.Cache, "set/file", flipped);
        var wrong = await Verify(Set(train: 3));
        Assert.Equal(HashState.Wrong, wrong.Hashes);
        Assert.Contains("is not the pinned set/file", wrong.Problem);
        Assert.Empty(wrong.Counts);
    }

    [Fact]
    public async Task A_flipped_byte_behind_a_valid_stamp_is_found_by_hashing_again()
    {
        Fetching.Put(_fetching.Data, "set/file", _fetching.Content);
        await _fetching.FetchAsync();
        var time = File.GetLastWriteTimeUtc(_fetching.Cached);
        var flipped = (byte[])_fetching.Content.Clone();
        flipped[99_999] ^= 1;
        File.WriteAllBytes(_fetching.Cached, flipped);
        File.SetLastWriteTimeUtc(_fetching.Cached, time);
        await _fetching.FetchAsync(); // the stamp vouches for size and time
        Assert.Equal(HashState.Wrong, (await Verify(Set(train: 3))).Hashes);
    }

    [Fact]
    public async Task Another_number_of_samples_than_the_card_says_is_a_problem()
    {
        Fetching.Put(_fetching.Cache, "set/file", _fetching.Content);
        Assert.Equal("Train has 3 samples, the card says 4", (await Verify(Set(train: 4))).Problem);
    }

    // Three samples, whatever the card says.
    InMemoryDataset<string> Set(int train)
    {
        var set = new InMemoryDataset<string>("set", new Dictionary<Split, IReadOnlyList<string>> { [Split.Train] = ["a", "b", "c"] });
        return new("set", new Dictionary<Split, IReadOnlyList<string>> { [Split.Train] = ["a", "b", "c"] })
        {
            Card = set.Card with { Files = [_fetching.File()], Counts = new Dictionary<Split, int> { [Split.Train] = train } },
        };
    }

    async Task<DatasetVerification> Verify(InMemoryDataset<string> set)
    {
        await set.FetchAsync(_fetching.Cache, TestContext.Current.CancellationToken);
        return await DatasetVerification.OfAsync(set, _fetching.Cache, TestContext.Current.CancellationToken);
    }
}
