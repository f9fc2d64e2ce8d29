using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Text;

/// <summary>Five stories of TinyStories, without blanks around them. The first is for calibration, the others for test.</summary>
public sealed class TinyStoriesSample : IDataset<TextSample>
{
    const string Separator = "<|endoftext|>";
    const int Stories = 5;

    public DatasetCard Card { get; } = new("tinystories-5", 1, "Five stories of TinyStories")
    {
        Licence = "CDLA-Sharing-1.0",
        Citation = "Eldan, Li: TinyStories, how small can language models be and still speak coherent English?, 2023",
        Encoding = "text [byte], UTF-8, one story",
        SplitRule = "by position: the first story is the training part (calibration of quantizers), the other four are for test; "
            + "no validation part",
        StandIn = true,
        Metrics = ["perplexity@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 1, [Split.Validation] = 0, [Split.Test] = Stories - 1 },
        Files =
        [
            new("text/tinystories_sample.txt", 3794, "sha256:defaedb58bf28079f3e29c6142cb7f3568d331a577e0911c5d7925c465c50c43",
                "https://raw.githubusercontent.com/stanford-cs336/assignment1-basics/25a8a49f6460c83a30416d42348f2ef11d1dd185/tests/"
                + "fixtures/tinystories_sample.txt"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TextSample> Read(DirectoryInfo cache, Split split)
    {
        var stories = File.ReadAllText(FileStore.Require(cache, Card.Files[0]).FullName).Split(Separator)
            .Select(story => story.Trim()).Where(story => story.Length > 0).ToList();
        if (stories.Count != Stories)
            throw new DataFormatException(Card.Files[0].Name, $"it has {stories.Count} stories; there must be {Stories}");
        var part = split switch { Split.Train => stories[..1], Split.Test => stories[1..], _ => [] };
        return part.Select(story => new TextSample(Encoding.UTF8.GetBytes(story)));
    }
}
