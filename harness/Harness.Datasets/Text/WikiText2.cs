using Harness.Datasets.Sources;

namespace Harness.Datasets.Text;

/// <summary>
/// WikiText-2: good Wikipedia articles, tokenised, rare words replaced by &lt;unk&gt;; each part is one text. <see cref="Evaluation"/> has
/// no
/// training part: for models that were trained elsewhere.
/// </summary>
public sealed class WikiText2 : IDataset<TextSample>
{
    static readonly DataFile Train = new("text/wikitext-2.train.txt", null, null);
    static readonly DataFile Valid = new("text/wikitext-2.valid.txt", 1_121_681,
        "sha256:f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8");
    static readonly DataFile Test = new("text/wikitext-2.test.txt", 1_256_449,
        "sha256:d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0");

    WikiText2(DatasetCard card) => Card = card;

    public static WikiText2 Full { get; } = new(Describe("wikitext-2", 0, "WikiText-2", [Train, Valid, Test], train: 1));

    public static WikiText2 Evaluation { get; } = new(Describe("wikitext-2-eval", 1, "WikiText-2 without its training part", [Valid, Test],
        train: 0) with
    {
        VariantOf = "wikitext-2@0",
    });

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TextSample> Read(DirectoryInfo cache, Split split)
    {
        var file = split switch { Split.Train => Train, Split.Validation => Valid, _ => Test };
        if (Card.Files.Contains(file)) yield return new(File.ReadAllBytes(FileStore.Require(cache, file).FullName));
    }

    static DatasetCard Describe(string id, int version, string title, IReadOnlyList<DataFile> files, int train) => new(id, version, title)
    {
        Licence = "CC BY-SA 3.0",
        Citation = "Merity, Xiong, Bradbury, Socher: Pointer sentinel mixture models, ICLR 2017",
        Encoding = "text [byte], UTF-8, words separated by blanks, rare words <unk>",
        SplitRule = "official files; perplexity is per word: a word is what blanks separate, a line end counts as one",
        Metrics = ["word-perplexity@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = 1, [Split.Test] = 1 },
        Files = files,
    };
}
