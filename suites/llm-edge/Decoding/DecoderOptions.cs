using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Decoding;

/// <param name="Threads">The caller's thread included.</param>
/// <param name="Context">Tokens the cache holds; null is what the model was trained for.</param>
/// <param name="Batch">Most tokens that pass through a layer together.</param>
/// <param name="Instructions">Widest registers; null is the best of the machine.</param>
public sealed record DecoderOptions(int Threads = 1, int? Context = null, int Batch = 64, Instructions? Instructions = null);
