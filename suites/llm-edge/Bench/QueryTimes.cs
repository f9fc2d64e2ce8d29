using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Bench;

/// <summary>When what happened to a query, since the start of its test.</summary>
/// <param name="Due">It came; of a single stream, that it was asked.</param>
/// <param name="FirstToken">The first token of its answer was there.</param>
/// <param name="Done">The last one was.</param>
/// <param name="Tokens">Of its answer.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QueryTimes(TimeSpan Due, TimeSpan FirstToken, TimeSpan Done, int Tokens)
{
    public TimeSpan Latency => Done - Due;

    /// <summary>Time to first token, TTFT, waiting included.</summary>
    public TimeSpan ToFirstToken => FirstToken - Due;

    /// <summary>Time per output token after the first, TPOT; zero for an answer of one token.</summary>
    public TimeSpan PerToken => Tokens > 1 ? (Done - FirstToken) / (Tokens - 1) : TimeSpan.Zero;
}
