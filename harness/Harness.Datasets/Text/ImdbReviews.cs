using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.Lra;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Text;

/// <summary>
/// Film reviews, negative (0) or positive (1), byte by byte: the text task of Long Range Arena. The official pipeline selects on the test
/// set; here a part of training is held out instead.
/// </summary>
public sealed class ImdbReviews : IDataset<TokenSequence>
{
    const ulong Seed = 1;
    const int MostBytes = 1 << 20;
    const string Paper = "Maas, Daly, Pham, Huang, Ng, Potts: Learning word vectors for sentiment analysis, ACL 2011; Tay et al.: Long "
        + "Range Arena, ICLR 2021";

    readonly Func<ImdbReviews, DirectoryInfo, Split, IEnumerable<TokenSequence>> _read;

    ImdbReviews(DatasetCard card, Func<ImdbReviews, DirectoryInfo, Split, IEnumerable<TokenSequence>> read) => (Card, _read) = (card, read);

    /// <summary>25 000 reviews for training and 25 000 for test, from the official archive.</summary>
    public static ImdbReviews Full { get; } = new(Describe("lra-text", "IMDB reviews byte by byte, Long Range Arena", validation: 2500,
        22_500, 25_000) with
    {
        Files = [new("imdb/aclImdb_v1.tar.gz", 84_125_825, "md5:7c2ac02c03563afcf9b574c7e56c153a",
            "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz")],
    }, (set, cache, split) => FromArchive(FileStore.Require(cache, set.Card.Files[0]), split));

    /// <summary>5000 and 5000 of these reviews, from two tables of label, name and text.</summary>
    public static ImdbReviews Small { get; } = new(Describe("imdb-10k", "10 000 IMDB reviews byte by byte", validation: 500, 4500,
        5000) with
    {
        StandIn = true,
        VariantOf = "lra-text@1",
        Files =
        [
            new("imdb/imdb-train-5000.tsv", 6_637_854, "sha256:d88359870f6ded23ddf7aa6caba50a5848bb920739b178b2285e97dc99664ab9"),
            new("imdb/imdb-test-5000.tsv", 6_554_583, "sha256:7125bf38fd49f9fb932665ba387b3580fa47bf3efc47d598f4d9bacc50d9d87c"),
        ],
    }, (set, cache, split) => FromTable(FileStore.Require(cache, set.Card.Files[split == Split.Test ? 1 : 0]), split, validation: 500));

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TokenSequence> Read(DirectoryInfo cache, Split split) => _read(this, cache, split);

    internal static IEnumerable<TokenSequence> FromArchive(FileInfo archive, Split split, int validation = 2500)
    {
        var folder = split == Split.Test ? "aclImdb/test/" : "aclImdb/train/";
        var names = Archive.Names(archive, name => name.StartsWith(folder, StringComparison.Ordinal) && LabelOrNull(name) is not null)
            .Order(StringComparer.Ordinal).ToArray();
        var part = Part(split, [.. names.Select(name => (byte)LabelOrNull(name)!.Value)], validation);
        return Archive.Shuffled(archive, part.Select(index => names[index]), Seed, MostBytes)
            .Select(file => new TokenSequence(ByteTokens.Of(file.Content), LabelOrNull(file.Name)!.Value));
    }

    internal static IEnumerable<TokenSequence> FromTable(FileInfo table, Split split, int validation)
    {
        var lines = File.ReadAllLines(table.FullName);
        var labels = lines.Select((line, index) => line.Split('\t') is [var label and ("0" or "1"), _, _] ? (byte)(label[0] - '0')
            : throw new DataFormatException(table.FullName, $"line {index + 1} is not label (0 or 1), tab, name, tab, text")).ToArray();
        var part = Part(split, labels, validation);
        new Chance(Seed).Shuffle(part.AsSpan());
        return part.Select(index =>
            new TokenSequence(ByteTokens.Of(Encoding.UTF8.GetBytes(lines[index][(lines[index].LastIndexOf('\t') + 1)..])), labels[index]));
    }

    static int[] Part(Split split, byte[] labels, int validation)
    {
        var all = Enumerable.Range(0, labels.Length).ToArray();
        if (split == Split.Test) return all;
        var held = StratifiedSplit.Validation(labels, Math.Min(validation, labels.Length), Seed);
        return split == Split.Validation ? held : [.. all.Except(held)];
    }

    static int? LabelOrNull(string name) =>
        name.Contains("/neg/", StringComparison.Ordinal) ? 0 : name.Contains("/pos/", StringComparison.Ordinal) ? 1 : null;

    static DatasetCard Describe(string id, string title, int validation, int train, int test) => new(id, 1, title)
    {
        Licence = "none stated; texts are their authors', for research",
        Citation = Paper,
        Encoding = "token ids [length], 1 + byte of the UTF-8 text, 0 pads, cut off after 4000; class 0 negative, 1 positive",
        SplitRule = $"official test part; validation: {validation} of the training part, stratified by class, "
            + "seed 1 (the official pipeline validates on test); train: the rest; each part shuffled, SplitMix64 seed 1",
        Classes = 2,
        Metrics = ["accuracy@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
    };
}
