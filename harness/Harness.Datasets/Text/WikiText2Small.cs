using Harness.Datasets.Sources;

namespace Harness.Datasets.Text;

/// <summary>
/// A reduced WikiText-2 that needs no official training file: whole articles of the official validation file are the training and the
/// validation part, the first articles of the official test file the test part. Each part is one text.
/// </summary>
public sealed class WikiText2Small : IDataset<TextSample>
{
    // Each is where an article begins.
    const int TrainEnd = 998_699, TestEnd = 154_180;

    public DatasetCard Card { get; } = new("wikitext-2-small", 1, "WikiText-2, trained on its validation part")
    {
        Licence = "CC BY-SA 3.0",
        Citation = "Merity, Xiong, Bradbury, Socher: Pointer sentinel mixture models, ICLR 2017",
        Encoding = "text [byte], UTF-8, words separated by blanks, rare words <unk>",
        SplitRule = "by position, whole articles: train the first 998 699 bytes of the official validation file, validation its other "
            + "122 982; test the first 154 180 bytes of the official test file; the official training file is not used",
        StandIn = true,
        Metrics = ["bits-per-byte@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 1, [Split.Validation] = 1, [Split.Test] = 1 },
        Files = WikiText2.Evaluation.Card.Files,
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TextSample> Read(DirectoryInfo cache, Split split)
    {
        var text = File.ReadAllBytes(FileStore.Require(cache, Card.Files[split == Split.Test ? 1 : 0]).FullName).AsMemory();
        yield return new(split switch
        {
            Split.Train => text[..TrainEnd], Split.Validation => text[TrainEnd..], _ => text[..TestEnd],
        });
    }
}
