using System.Globalization;

namespace Harness.Datasets.Lra;

/// <summary>
/// ListOps as the Long Range Arena generates it (Tay et al. 2021; Nangia and Bowman 2018): at depth below 10 a node is an operator with
/// probability 1/4, else a digit; an operator has 2 to 10 arguments; the root has depth 1. Generated here with our own seeds, so its id is
/// not that of the official files.
/// </summary>
public sealed class GeneratedListOps : IDataset<TokenSequence>
{
    const int MostDepth = 10;
    const int MostArguments = 10;
    const double OperatorShare = 0.25;

    readonly int _shortest;
    readonly int _longest;

    GeneratedListOps(string id, string title, int shortest, int longest, int train, int validation, int test)
    {
        (_shortest, _longest) = (shortest, longest);
        Card = new(id, 1, title)
        {
            Licence = "Apache-2.0 (generated; the task is Long Range Arena's)",
            Citation = "Tay et al.: Long Range Arena, ICLR 2021; Nangia and Bowman: ListOps, NAACL 2018",
            Encoding = string.Create(CultureInfo.InvariantCulture,
                $"token ids [length], {shortest} < length < {longest}; 0 pads, 1..10 digits, 11..14 [MIN [MAX [MED [SM, 15 closes"),
            SplitRule = "generated: each split is a stream of its own, SplitMix64 seeds 1 (train), 2 (validation), 3 (test); "
                + "expressions of other lengths are thrown away",
            Classes = 10,
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
            StandIn = true,
        };
    }

    /// <summary>Official sizes and lengths: 96 000 / 2 000 / 2 000 expressions of 501 to 1 999 tokens.</summary>
    public static GeneratedListOps Full { get; } =
        new("lra-listops-gen", "ListOps, generated at the official sizes", 500, 2000, 96_000, 2000, 2000);

    /// <summary>Short expressions for machines and tests of every day.</summary>
    public static GeneratedListOps Small { get; } =
        new("lra-listops-gen-small", "ListOps, generated, short", 10, 100, 8000, 1000, 2000);

    public DatasetCard Card { get; }

    /// <summary>Nothing is fetched: the expressions are computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<TokenSequence> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        var tokens = new List<int>();
        for (var made = 0; made < Card.Counts[split];)
        {
            var tree = Grow(chance, 1);
            if (tree.Length <= _shortest || tree.Length >= _longest) continue;
            tokens.Clear();
            tree.Write(tokens);
            made++;
            yield return new(tokens.ToArray(), tree.Value);
        }
    }

    static ListOpsTree Grow(Chance chance, int depth)
    {
        if (depth >= MostDepth || chance.Unit() > OperatorShare) return new ListOpsDigit(chance.Below(10));
        var count = 2 + chance.Below(MostArguments - 1);
        var arguments = new ListOpsTree[count];
        for (var i = 0; i < count; i++) arguments[i] = Grow(chance, depth + 1);
        return new ListOpsCall(chance.Below(4), arguments);
    }
}
