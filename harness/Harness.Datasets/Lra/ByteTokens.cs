namespace Harness.Datasets.Lra;

/// <summary>Text as Long Range Arena reads it: one token per byte, id 1 + byte, 0 pads, cut off after 4000.</summary>
public static class ByteTokens
{
    public const int Vocabulary = 257;
    public const int Most = 4000;

    public static int[] Of(ReadOnlySpan<byte> text)
    {
        var tokens = new int[Math.Min(text.Length, Most)];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = 1 + text[i];
        return tokens;
    }
}
