using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Decoding;

/// <param name="Threads">The caller's thread included.</param>
/// <param name="Context">Tokens the cache holds; null is what the model was trained for.</param>
/// <param name="Batch">Most tokens that pass through a layer together.</param>
/// <param name="Instructions">Widest registers; null is the best of the machine.</param>
/// <param name="CacheBits">
/// Keys and values are rounded to so many bits, 2 to 8, each head and position on a grid of its own with an offset; they are held as floats
/// all the same. Null keeps them as they are.
/// </param>
public sealed record DecoderOptions(int Threads = 1, int? Context = null, int Batch = 64, Instructions? Instructions = null,
    int? CacheBits = null);
