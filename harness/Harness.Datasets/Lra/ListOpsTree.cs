using System.Text;

namespace Harness.Datasets.Lra;

/// <summary>A nested list operation, written as the Long Range Arena writes it: <c>[MAX 2 9 [MIN 4 7 ] 0 ]</c>.</summary>
abstract record ListOpsTree
{
    /// <summary>Tokens: 1 for a digit; an operator and its closing bracket count 2, plus its arguments.</summary>
    public abstract int Length { get; }
    /// <summary>The answer, 0..9.</summary>
    public abstract int Value { get; }
    public abstract void Write(List<int> tokens);
}

sealed record ListOpsDigit(int Digit) : ListOpsTree
{
    public override int Length => 1;
    public override int Value => Digit;
    public override void Write(List<int> tokens) => tokens.Add(ListOpsVocabulary.Digit(Digit));
}

sealed record ListOpsCall(int Operator, IReadOnlyList<ListOpsTree> Arguments) : ListOpsTree
{
    public override int Length { get; } = 2 + Arguments.Sum(argument => argument.Length);

    /// <summary>MIN, MAX, the integer part of the median, or the sum modulo 10.</summary>
    public override int Value { get; } = Evaluate(Operator, [.. Arguments.Select(argument => argument.Value).Order()]);

    public override void Write(List<int> tokens)
    {
        tokens.Add(ListOpsVocabulary.Operator(Operator));
        foreach (var argument in Arguments) argument.Write(tokens);
        tokens.Add(ListOpsVocabulary.Close);
    }

    static int Evaluate(int kind, int[] sorted) => kind switch
    {
        0 => sorted[0],
        1 => sorted[^1],
        2 => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
        _ => sorted.Sum() % 10,
    };
}

/// <summary>Token ids: 0 pads, 1..10 are the digits 0..9, 11..14 the operators, 15 the closing bracket.</summary>
public static class ListOpsVocabulary
{
    public const int Size = 16;
    public const int Close = 15;

    static readonly string[] Words = ["<pad>", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[MIN", "[MAX", "[MED", "[SM", "]"];

    public static int Digit(int digit) => 1 + digit;

    /// <param name="kind">0 MIN, 1 MAX, 2 MED, 3 SM.</param>
    public static int Operator(int kind) => 11 + kind;

    /// <summary>The id of a word as the official files write it, or null.</summary>
    public static int? IdOrNull(string word) => Array.IndexOf(Words, word == "X" ? "]" : word) is var index and > 0 ? index : null;

    public static string Text(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens) text.Append(text.Length == 0 ? "" : " ").Append(Words[token]);
        return text.ToString();
    }
}
