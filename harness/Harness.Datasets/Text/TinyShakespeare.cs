using Harness.Datasets.Sources;

namespace Harness.Datasets.Text;

/// <summary>A million characters of Shakespeare's plays, as char-rnn ships them; each part is one text.</summary>
public sealed class TinyShakespeare : IDataset<TextSample>
{
    const int TrainEnd = 1_003_854;         // ⌊0.90 · 1 115 394⌋
    const int ValidationEnd = 1_059_624;    // ⌊0.95 · 1 115 394⌋

    public DatasetCard Card { get; } = new("tiny-shakespeare", 1, "Tiny Shakespeare")
    {
        Licence = "public domain",
        Citation = "Karpathy: The unreasonable effectiveness of recurrent neural networks, 2015 (char-rnn)",
        Encoding = "text [byte], ASCII, 65 different characters",
        SplitRule = "by position: train the first 90 % (1 003 854 bytes), validation the next 5 % (55 770), test the last 5 % (55 770)",
        Classes = 65,
        Metrics = ["bits-per-byte@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 1, [Split.Validation] = 1, [Split.Test] = 1 },
        Files =
        [
            new("text/tinyshakespeare.txt", 1_115_394, "sha256:86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TextSample> Read(DirectoryInfo cache, Split split)
    {
        var text = File.ReadAllBytes(FileStore.Require(cache, Card.Files[0]).FullName).AsMemory();
        yield return new(split switch
        {
            Split.Train => text[..TrainEnd],
            Split.Validation => text[TrainEnd..ValidationEnd],
            _ => text[ValidationEnd..],
        });
    }
}
