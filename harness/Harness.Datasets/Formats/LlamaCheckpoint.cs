using System.Runtime.InteropServices;

namespace Harness.Datasets.Formats;

/// <summary>Shape of a llama2.c model.</summary>
/// <param name="SharedClassifier">Whether the token embedding is also the classifier.</param>
public sealed record LlamaShape(int Width, int Hidden, int Layers, int Heads, int KeyHeads, int Vocabulary, int Context,
    bool SharedClassifier)
{
    public int HeadWidth => Width / Heads;

    /// <summary>Learned numbers: what the file holds without its tables of frequencies.</summary>
    public long Parameters => (long)Vocabulary * Width * (SharedClassifier ? 1 : 2) + Width
        + Layers * (2L * Width + 2L * Width * Width + 2L * Width * KeyHeads * HeadWidth + 3L * Width * Hidden);
}

/// <summary>
/// The weights of a small language model in llama2.c's legacy format (Karpathy 2023): seven 32-bit numbers, then 32-bit floats in a fixed
/// order. A negative vocabulary size says that the classifier has weights of its own.
/// </summary>
/// <param name="Weights">All floats in file order, the unused tables of frequencies among them.</param>
public sealed record LlamaCheckpoint(LlamaShape Shape, ReadOnlyMemory<float> Weights)
{
    const int HeaderBytes = 7 * sizeof(int);
    const int MostLength = 1 << 20;

    /// <exception cref="DataFormatException">Not of this format: the length does not agree with the shape.</exception>
    public static LlamaCheckpoint Read(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Read(stream, file.FullName);
    }

    /// <param name="stream">Of known length.</param>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not of this format: the length does not agree with the shape.</exception>
    public static LlamaCheckpoint Read(Stream stream, string name)
    {
        var content = new BinaryContent(stream, name);
        if (content.Left < HeaderBytes) throw new DataFormatException(name,
            $"{content.Left} bytes are too few for a header of {HeaderBytes}");
        var numbers = new int[7];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = content.Int32();
        var shape = new LlamaShape(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
            Math.Abs((int)Math.Max(numbers[5], -int.MaxValue)), numbers[6], numbers[5] > 0);
        Check(shape, name);
        var floats = (Int128)shape.Parameters + (Int128)shape.Context * shape.HeadWidth; // two tables of half a head each
        if (floats * sizeof(float) != content.Left)
            throw new DataFormatException(name,
                $"its shape asks for {floats * sizeof(float)} bytes of weights, but {content.Left} follow the header");
        var weights = new float[(int)floats];
        stream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        return new(shape, weights);
    }

    static void Check(LlamaShape shape, string name)
    {
        foreach (var (what, value) in new[] { ("width", shape.Width), ("hidden width", shape.Hidden), ("layers", shape.Layers),
            ("heads", shape.Heads),
            ("key heads", shape.KeyHeads), ("vocabulary", shape.Vocabulary), ("context", shape.Context) })
            if (value is < 1 or > MostLength) throw new DataFormatException(name, $"its {what} is {value}; allowed are 1 to {MostLength}");
        if (shape.Width % shape.Heads != 0 || shape.Heads % shape.KeyHeads != 0 || shape.HeadWidth % 2 != 0)
            throw new DataFormatException(name,
                $"a width of {shape.Width} with {shape.Heads} heads and {shape.KeyHeads} key heads is not possible");
    }
}

/// <summary>A token and how good it is to have merged it.</summary>
public sealed record LlamaToken(ReadOnlyMemory<byte> Text, float Score);

/// <summary>The vocabulary of a llama2.c model: the longest length, then for each token a score, a length and its bytes.</summary>
public sealed record LlamaTokenizer(IReadOnlyList<LlamaToken> Tokens, int LongestToken)
{
    const int LeastTokenBytes = 8;

    /// <exception cref="DataFormatException">Not of this format.</exception>
    public static LlamaTokenizer Read(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Read(stream, file.FullName);
    }

    /// <param name="stream">Of known length.</param>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not of this format.</exception>
    public static LlamaTokenizer Read(Stream stream, string name)
    {
        var content = new BinaryContent(stream, name);
        var longest = content.Int32();
        var tokens = new List<LlamaToken>();
        while (content.Left > 0)
        {
            if (content.Left < LeastTokenBytes) throw content.Wrong($"{content.Left} bytes are too few for a token");
            var (score, length) = (content.Single(), content.Int32());
            if (length < 0 || length > longest) throw content.Wrong($"token {tokens.Count} has {length} bytes; allowed are 0 to {longest}");
            tokens.Add(new(content.Bytes((ulong)length, "a token"), score));
        }
        return new(tokens, longest);
    }
}
