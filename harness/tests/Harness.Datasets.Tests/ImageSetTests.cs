using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests;

/// <summary>One cache for all tests of the real image sets: unpacking and hashing them takes a second.</summary>
public sealed class ImageSets : IDisposable
{
    readonly TemporaryFolder _cache = new();

    public DirectoryInfo Cache => _cache.Info;

    /// <summary>The dataset of this id, fetched, or a skip with the reason.</summary>
    public async Task<IDataset<LabeledImage>> FetchedOrSkip(string id)
    {
        RealData.Need($"{id}/train-images-idx3-ubyte.gz");
        IDataset<LabeledImage> dataset = id == "mnist" ? new Mnist() : new FashionMnist();
        await dataset.FetchAsync(Cache, TestContext.Current.CancellationToken);
        return dataset;
    }

    public void Dispose() => _cache.Dispose();
}

public sealed class ImageSetTests(ImageSets sets)
{
    public static TheoryData<string> Ids => ["mnist", "fashion-mnist"];

    // MD5 of the unpacked files as torchvision and the Debian package dataset-fashion-mnist have them.
    [Theory]
    [InlineData("mnist", "6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637")]
    [InlineData("fashion-mnist", "f4a8712d7a061bf5bd6d2ca38dc4d50a", "9018921c3c673c538a1fc5bad174d6f9",
        "8181f5470baa50b63fa0f6fddb340f0a", "15d484375f8d13e6eb1aabb0c3f46965")]
    public async Task The_cached_files_are_the_official_ones(string id, params string[] hashes)
    {
        var dataset = await sets.FetchedOrSkip(id);
        string[] names = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
        Assert.Equal(names.Select(name => $"{id}/{name}"), dataset.Card.Files.Select(file => file.Name));
        foreach (var (file, hash) in dataset.Card.Files.Zip(hashes))
        {
            using var content = File.OpenRead(Path.Combine(sets.Cache.FullName, file.Name));
            var found = await CryptographicOperations.HashDataAsync(HashAlgorithmName.MD5, content, TestContext.Current.CancellationToken);
            Assert.Equal(hash, Convert.ToHexStringLower(found));
            Assert.Equal($"md5:{hash}", file.Hash);
            Assert.Equal(file.Bytes, content.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Verification_counts_55_000_and_5_000_and_10_000_images(string id)
    {
        var row = await DatasetVerification.OfAsync(await sets.FetchedOrSkip(id), sets.Cache, TestContext.Current.CancellationToken);
        Assert.Equal((HashState.Verified, null, 10), (row.Hashes, row.Problem, row.Classes));
        Assert.Equal((55_000, 5_000, 10_000), (row.Counts[Split.Train], row.Counts[Split.Validation], row.Counts[Split.Test]));
    }

    // Read from the label files by a script in Python; the validation part by a second implementation of the rule there.
    [Theory]
    [InlineData("mnist", Split.Test, "7210414959")]
    [InlineData("mnist", Split.Validation, "3073784041")]
    [InlineData("mnist", Split.Train, "5041921143")]
    [InlineData("fashion-mnist", Split.Test, "9211614657")]
    [InlineData("fashion-mnist", Split.Validation, "0706376316")]
    [InlineData("fashion-mnist", Split.Train, "9030272550")]
    public async Task The_first_labels_of_every_split_are_known(string id, Split split, string labels)
    {
        var dataset = await sets.FetchedOrSkip(id);
        Assert.Equal(labels, string.Concat(dataset.Read(sets.Cache, split).Take(10).Select(image => image.Label)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Training_and_validation_share_no_image_and_together_are_the_official_training_set(string id)
    {
        var dataset = await sets.FetchedOrSkip(id);
        var official = File.ReadAllBytes(Path.Combine(sets.Cache.FullName, id, "train-images-idx3-ubyte"))[16..].Chunk(28 * 28)
            .Select(Digest).CountBy(digest => digest).ToDictionary();
        var carved = dataset.Read(sets.Cache, Split.Train).Concat(dataset.Read(sets.Cache, Split.Validation))
            .Select(image => Digest(image.Pixels.Span)).CountBy(digest => digest).ToDictionary();
        Assert.Equal(60_000, carved.Values.Sum());
        Assert.Equal(official, carved);
    }

    [Theory]
    [InlineData("mnist", new[] { 494, 562, 496, 511, 487, 452, 493, 522, 487, 496 })]
    [InlineData("fashion-mnist", new[] { 500, 500, 500, 500, 500, 500, 500, 500, 500, 500 })]
    public async Task Validation_has_the_proportions_of_the_training_set(string id, int[] counts)
    {
        var dataset = await sets.FetchedOrSkip(id);
        var found = dataset.Read(sets.Cache, Split.Validation).CountBy(image => image.Label).OrderBy(entry => entry.Key);
        Assert.Equal(counts, found.Select(entry => entry.Value)); // largest remainders of 5 000/60 000 of each class, by hand in Python
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_split_reads_the_same_twice(string id)
    {
        var dataset = await sets.FetchedOrSkip(id);
        foreach (var split in Enum.GetValues<Split>())
            Assert.Equal(dataset.Read(sets.Cache, split).Select(Line), dataset.Read(sets.Cache, split).Select(Line));

        static (UInt128, int) Line(LabeledImage image) => (Digest(image.Pixels.Span), image.Label);
    }

    [Fact]
    public async Task An_image_is_bytes_of_28_rows_with_a_label_of_its_set()
    {
        var dataset = await sets.FetchedOrSkip("mnist");
        Assert.All(dataset.Read(sets.Cache, Split.Test).Take(100), image =>
        {
            Assert.Equal((1, 28, 28, 784), (image.Channels, image.Height, image.Width, image.Pixels.Length));
            Assert.InRange(image.Label, 0, 9);
        });
        // The first test image is a seven: the upper bar is ink, the lower left corner is not.
        var seven = dataset.Read(sets.Cache, Split.Test).First().Pixels.Span;
        Assert.True(seven[8 * 28 + 12] > 100);
        Assert.Equal(0, seven[27 * 28]);
    }

    [Fact]
    public void Reading_what_was_never_fetched_says_what_to_do()
    {
        using var empty = new TemporaryFolder();
        var error = Assert.Throws<DataUnavailableException>(() => new Mnist().Read(empty.Info, Split.Test));
        Assert.Contains("t10k-images-idx3-ubyte is not in the cache; fetch the dataset first.", error.Message);
    }

    [Fact]
    public void A_truncated_cache_is_noticed_before_it_is_read()
    {
        using var cache = new TemporaryFolder();
        cache.Write("mnist/t10k-images-idx3-ubyte", new byte[100]);
        var error = Assert.Throws<DataUnavailableException>(() => new Mnist().Read(cache.Info, Split.Test));
        Assert.Contains("has 100 bytes, expected 7,840,016; delete it and fetch again.", error.Message);
    }

    static UInt128 Digest(ReadOnlySpan<byte> pixels) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(pixels));

    static UInt128 Digest(byte[] pixels) => Digest(pixels.AsSpan());
}
