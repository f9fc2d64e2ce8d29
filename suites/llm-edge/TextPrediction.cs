using Suites.LlmEdge.Offloading.Running;

namespace Suites.LlmEdge;

/// <summary>What a language model says of a text, and what it makes itself of the text's beginning.</summary>
/// <param name="Tokens">Tokens foreseen, each from all before it.</param>
/// <param name="Nats">Sum of -ln p over them.</param>
/// <param name="Hits">Those that were the most likely ones.</param>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
/// <param name="Emitted">Ids of the tokens that continue the prompt: proof that timed tokens were made.</param>
/// <param name="Continuation">The same as text.</param>
public sealed record TextPrediction(int Tokens, double Nats, int Hits, int Bytes, IReadOnlyList<int> Emitted, string Continuation)
{
    /// <summary>Of models whose weights lie on flash: what that takes. Null for others.</summary>
    public OffloadingReport? Offloading { get; init; }
}
