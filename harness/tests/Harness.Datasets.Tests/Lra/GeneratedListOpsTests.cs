using System.Security.Cryptography;
using System.Text;
using Harness.Datasets.Lra;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests.Lra;

public sealed class GeneratedListOpsTests
{
    static readonly DirectoryInfo Nowhere = new("/nonexistent");

    static readonly Lazy<Dictionary<Split, List<TokenSequence>>> Small = new(() =>
        Enum.GetValues<Split>().ToDictionary(split => split, split => GeneratedListOps.Small.Read(Nowhere, split).ToList()));

    static IEnumerable<TokenSequence> All => Small.Value.Values.SelectMany(sequences => sequences);

    [Fact]
    public void Eleven_thousand_answers_are_those_of_an_independent_evaluator()
    {
        Assert.Equal(11_000, All.Count());
        Assert.All(All, sequence => Assert.Equal(Evaluate(ListOpsVocabulary.Text(sequence.Tokens.Span)), sequence.Label));
    }

    // SHA-256 over lines of text, tab, answer: by a second implementation of generator and evaluator in Python.
    [Theory]
    [InlineData(Split.Train, "eb1a99e7b88f7d2a398d48dd7805f3a356972342939bbe2fbd4233e5a2dc43d0")]
    [InlineData(Split.Validation, "59f4da3cf1c7f9a5b262e98694106bf373c471f463da6242f13df7eb0adc76ef")]
    [InlineData(Split.Test, "a78488a3ae5b76ea188bd6a86488c4eacc5cd8bd1d38cd9ac0c0e9ffe073b700")]
    public void Every_expression_is_the_one_that_an_independent_implementation_generates(Split split, string hash) =>
        Assert.Equal(hash, Hash(Small.Value[split]));

    [Theory]
    [InlineData(Split.Train, "05ca2ee5367e5649c5ad290063b23fb60996408253dc1eabb3df8a5d7bf3d260")]
    [InlineData(Split.Validation, "3948befd2477e9c79a45875734047b94daa589d241ad159f9a8bfe34656d67f7")]
    [InlineData(Split.Test, "8801417b089778ce16e0f12b484e092923c8f37c65ef239c5508a0d6a2e52afb")]
    public void So_are_the_first_twenty_of_official_length(Split split, string hash)
    {
        var first = GeneratedListOps.Full.Read(Nowhere, split).Take(20).ToList();
        Assert.Equal(hash, Hash(first));
        Assert.All(first, sequence => Assert.InRange(sequence.Tokens.Length, 501, 1999));
    }

    [Fact]
    public void No_expression_stands_in_two_splits_or_twice_in_one() =>
        Assert.Equal(11_000, All.Select(sequence => ListOpsVocabulary.Text(sequence.Tokens.Span)).Distinct().Count());

    [Fact]
    public async Task Counts_and_lengths_are_those_of_the_card()
    {
        var row = await DatasetVerification.OfAsync(GeneratedListOps.Small, Nowhere, TestContext.Current.CancellationToken);
        Assert.Null(row.Problem);
        Assert.Equal((8000, 1000, 2000), (row.Counts[Split.Train], row.Counts[Split.Validation], row.Counts[Split.Test]));
        Assert.All(All, sequence => Assert.InRange(sequence.Tokens.Length, 11, 99));
        Assert.Equal((96_000, 2000, 2000), (GeneratedListOps.Full.Card.Counts[Split.Train],
            GeneratedListOps.Full.Card.Counts[Split.Validation], GeneratedListOps.Full.Card.Counts[Split.Test]));
        Assert.All(new[] { GeneratedListOps.Small, GeneratedListOps.Full }, set => Assert.True(set.Card.StandIn));
    }

    [Fact]
    public void A_split_reads_the_same_twice() =>
        Assert.Equal(Hash(Small.Value[Split.Test]), Hash([.. GeneratedListOps.Small.Read(Nowhere, Split.Test)]));

    [Fact]
    public void Trees_keep_to_the_rules_of_the_task()
    {
        var (deepest, arguments) = (0, new HashSet<int>());
        foreach (var sequence in All) Inspect(sequence.Tokens.Span, ref deepest, arguments);
        Assert.InRange(deepest, 3, 9); // an operator stands at depth 9 at most, its arguments at 10
        Assert.Equal(Enumerable.Range(2, 9), arguments.Order());
        Assert.Equal(Enumerable.Range(1, 15), All.SelectMany(sequence => sequence.Tokens.ToArray()).Distinct().Order());
    }

    [Theory]
    [InlineData("[MED 3 4 ]", 3)]
    [InlineData("[MED 1 9 2 ]", 2)]
    [InlineData("[MED 9 0 2 5 ]", 3)]
    [InlineData("[SM 9 9 5 ]", 3)]
    [InlineData("[MAX 2 9 [MIN 4 7 ] 0 ]", 9)]
    [InlineData("[MIN [SM 5 5 ] 3 ]", 0)]
    public void The_evaluator_of_these_tests_knows_examples_worked_by_hand(string text, int answer) => Assert.Equal(answer, Evaluate(text));

    [Fact]
    public void Words_and_ids_are_inverse_and_an_unknown_word_has_none()
    {
        for (var id = 1; id < ListOpsVocabulary.Size; id++) Assert.Equal(id, ListOpsVocabulary.IdOrNull(ListOpsVocabulary.Text([id])));
        Assert.Equal(ListOpsVocabulary.Close, ListOpsVocabulary.IdOrNull("X")); // as the official reader rewrites ]
        Assert.Null(ListOpsVocabulary.IdOrNull("[AVG"));
        Assert.Null(ListOpsVocabulary.IdOrNull("<pad>"));
    }

    // A stack machine over the text: shares nothing with the trees that the generator evaluates.
    static int Evaluate(string text)
    {
        var stack = new Stack<(string Operator, List<int> Values)>([("", [])]);
        foreach (var word in text.Split(' '))
            if (word[0] == '[') stack.Push((word[1..], []));
            else if (word == "]")
            {
                var (name, values) = stack.Pop();
                stack.Peek().Values.Add(Apply(name, values));
            }
            else stack.Peek().Values.Add(int.Parse(word));
        return Assert.Single(Assert.Single(stack).Values);
    }

    static int Apply(string name, List<int> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return name switch
        {
            "MIN" => values[0],
            "MAX" => values[^1],
            "MED" => (int)(values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0),
            "SM" => values.Aggregate(0, (sum, value) => (sum + value) % 10),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such operator"),
        };
    }

    static void Inspect(ReadOnlySpan<int> tokens, ref int deepest, HashSet<int> arguments)
    {
        var open = new Stack<int>([0]);
        foreach (var token in tokens)
        {
            if (token == ListOpsVocabulary.Close) arguments.Add(open.Pop());
            else open.Push(open.Pop() + 1);
            if (token is < 11 or ListOpsVocabulary.Close) continue;
            open.Push(0);
            deepest = Math.Max(deepest, open.Count - 1);
        }
        Assert.Equal(1, Assert.Single(open)); // one whole expression, every bracket closed
    }

    static string Hash(List<TokenSequence> sequences)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sequence in sequences)
            hash.AppendData(Encoding.ASCII.GetBytes($"{ListOpsVocabulary.Text(sequence.Tokens.Span)}\t{sequence.Label}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
