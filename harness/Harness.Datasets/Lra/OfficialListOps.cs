using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Lra;

/// <summary>
/// ListOps as Long Range Arena released it: tab-separated files with the header <c>Source</c>, <c>Target</c>. Parentheses are dropped, the
/// rest are the tokens of <see cref="ListOpsVocabulary"/>, cut off after 2000.
/// </summary>
public sealed class OfficialListOps : IDataset<TokenSequence>
{
    const int MostTokens = 2000;
    const string Address = "https://storage.googleapis.com/long-range-arena/lra_release/listops-1000/";

    public DatasetCard Card { get; } = new("lra-listops", 0, "ListOps, Long Range Arena")
    {
        Licence = "Apache-2.0",
        Citation = "Tay et al.: Long Range Arena, ICLR 2021; Nangia and Bowman: ListOps, NAACL 2018",
        Encoding = "token ids [length], 500 < length < 2000, cut off after 2000; 0 pads, 1..10 digits, 11..14 [MIN [MAX [MED [SM, 15 "
            + "closing bracket",
        SplitRule = "official files basic_train (96 000), basic_val (2000), basic_test (2000)",
        Classes = 10,
        Metrics = ["accuracy@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 96_000, [Split.Validation] = 2000, [Split.Test] = 2000 },
        Files =
        [
            new("lra/listops-1000/basic_train.tsv", null, null, Address + "basic_train.tsv"),
            new("lra/listops-1000/basic_val.tsv", null, null, Address + "basic_val.tsv"),
            new("lra/listops-1000/basic_test.tsv", null, null, Address + "basic_test.tsv"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TokenSequence> Read(DirectoryInfo cache, Split split)
    {
        var file = FileStore.Require(cache, Card.Files[(int)split]);
        using var text = file.OpenText();
        foreach (var sample in Parse(text, file.FullName)) yield return sample;
    }

    /// <exception cref="DataFormatException">A line is not an expression and its answer.</exception>
    internal static IEnumerable<TokenSequence> Parse(TextReader text, string name)
    {
        if (text.ReadLine()?.TrimEnd() != "Source\tTarget") throw new DataFormatException(name,
            "its first line is not Source, tab, Target");
        for (var number = 2; text.ReadLine() is { } line; number++)
        {
            var tab = line.IndexOf('\t');
            if (tab < 0 || line.AsSpan(tab + 1).TrimEnd() is not [>= '0' and <= '9'] answer)
                throw new DataFormatException(name, $"line {number} is not an expression, a tab and one digit");
            yield return new(Tokens(line[..tab], name, number), answer[0] - '0');
        }
    }

    static int[] Tokens(string expression, string name, int line)
    {
        var tokens = new List<int>();
        foreach (var word in expression.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "(" or ")") continue;
            tokens.Add(ListOpsVocabulary.IdOrNull(word)
                ?? throw new DataFormatException(name, $"line {line} has the word '{Short(word)}', which ListOps does not know"));
            if (tokens.Count == MostTokens) break;
        }
        return [.. tokens];
    }

    static string Short(string word) => word.Length <= 20 ? word : word[..20] + "…";
}
