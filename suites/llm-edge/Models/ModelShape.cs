namespace Suites.LlmEdge.Models;

/// <summary>Which numbers of a head turn together: neighbours (Llama) or those half a head apart (Qwen 2, GPT-NeoX).</summary>
public enum Rotation { Neighbours, Halves }

/// <summary>
/// How the two hidden layers of a feed-forward block, gate g and up u, become one: silu(g)·u or ReLU(g)·u (Shazeer 2020: SwiGLU,
/// ReGLU), or ReLU(g)·ReLU(u) (Song et al. 2024, Turbo Sparse: dReLU). With the last two most products are exactly zero.
/// </summary>
public enum Gating { Swiglu, Reglu, Drelu }

/// <summary>Shape of a decoder as GGUF describes it.</summary>
/// <param name="Architecture">As GGUF names it.</param>
/// <param name="Context">Tokens the model was trained to look back on, itself included.</param>
/// <param name="Epsilon">Added to the mean square in each norm.</param>
/// <param name="Base">θ of the rotary embedding: pair i of a head of d numbers turns by θ^(-2i/d) per position.</param>
public sealed record ModelShape(string Architecture, int Vocabulary, int Context, int Width, int Hidden, int Layers, int Heads,
    int KeyHeads, float Epsilon = 1e-5f, float Base = 10_000, Rotation Rotation = Rotation.Neighbours, Gating Gating = Gating.Swiglu)
{
    public const int MostLayers = 1024;
    const int MostLength = 1 << 24;

    public int HeadWidth => Width / Heads;
    public int KeyWidth => KeyHeads * HeadWidth;

    /// <summary>What is wrong with it, or null.</summary>
    public string? ProblemOrNull()
    {
        foreach (var (what, value, most) in new[] { ("vocabulary", Vocabulary, MostLength), ("context", Context, MostLength),
            ("width", Width, 1 << 20), ("hidden width", Hidden, 1 << 20), ("number of layers", Layers, MostLayers),
            ("number of heads", Heads, 1 << 14), ("number of key heads", KeyHeads, 1 << 14) })
            if (value < 1 || value > most) return $"its {what} is {value}; allowed are 1 to {most}";
        if (Width % Heads != 0 || Heads % KeyHeads != 0 || HeadWidth % 2 != 0)
            return $"a width of {Width} with {Heads} heads and {KeyHeads} key heads is not possible";
        if (!float.IsFinite(Epsilon) || Epsilon is < 0 or > 1) return $"its norm epsilon is {Epsilon}; allowed are 0 to 1";
        return !float.IsFinite(Base) || Base < 1 ? $"its rotary base is {Base}; allowed are numbers from 1" : null;
    }
}
