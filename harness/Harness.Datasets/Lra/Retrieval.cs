using System.Globalization;
using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Lra;

/// <summary>Two sequences of token ids; the class is 1 when they belong together, -1 when withheld.</summary>
public sealed record TokenPair(ReadOnlyMemory<int> First, ReadOnlyMemory<int> Second, int Label) : ILabeled;

/// <summary>Long Range Arena's document retrieval on the ACL Anthology Network: whether two papers are linked, read byte by byte.</summary>
public sealed class Retrieval : IDataset<TokenPair>
{
    const int Columns = 5;

    public DatasetCard Card { get; } = new("lra-retrieval", 0, "Document retrieval, Long Range Arena")
    {
        Licence = "ACL Anthology Network: for research; papers are their authors'",
        Citation = "Tay et al.: Long Range Arena, ICLR 2021; Radev et al.: The ACL Anthology Network corpus, 2013",
        Encoding = "two sequences of token ids [length], 1 + byte of the UTF-8 text, 0 pads, cut off after 4000 each",
        SplitRule = "official files new_aan_pairs.train, .eval, .test (columns label, id1, id2, text1, text2; no header, no quoting)",
        Classes = 2,
        Metrics = ["accuracy@1"],
        Files =
        [
            new("lra/tsv_data/new_aan_pairs.train.tsv", null, null),
            new("lra/tsv_data/new_aan_pairs.eval.tsv", null, null),
            new("lra/tsv_data/new_aan_pairs.test.tsv", null, null),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TokenPair> Read(DirectoryInfo cache, Split split)
    {
        var file = FileStore.Require(cache, Card.Files[(int)split]);
        using var text = file.OpenText();
        foreach (var sample in Parse(text, file.FullName)) yield return sample;
    }

    /// <exception cref="DataFormatException">A line has not five columns, or its label is neither 0 nor 1.</exception>
    internal static IEnumerable<TokenPair> Parse(TextReader text, string name)
    {
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var columns = line.Split('\t');
            if (columns.Length != Columns) throw new DataFormatException(name,
                $"line {number} has {columns.Length} columns where {Columns} are expected");
            if (!float.TryParse(columns[0], CultureInfo.InvariantCulture, out var label) || label is not (0 or 1))
                throw new DataFormatException(name, $"line {number} has a label that is neither 0 nor 1");
            yield return new(ByteTokens.Of(Encoding.UTF8.GetBytes(columns[3])), ByteTokens.Of(Encoding.UTF8.GetBytes(columns[4])),
                (int)label);
        }
    }
}
