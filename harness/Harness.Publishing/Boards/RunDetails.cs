namespace Harness.Publishing.Boards;

/// <summary>
/// How the publisher gets at a run in full. A view may hold runs in brief, without operations, curve, samples and timings, so that tens of
/// thousands fit; a page that shows one run reads it whole, and only when it is rendered.
/// </summary>
/// <param name="HashOf">The run's hash: SHA-256 of its canonical JSON. It decides whether a page is rendered again.</param>
/// <param name="ReadAsync">The whole run, with timings.</param>
public sealed record RunDetails(Func<RunRecord, string> HashOf, Func<RunRecord, CancellationToken, ValueTask<RunRecord>> ReadAsync)
{
    /// <summary>For a view that holds its runs whole.</summary>
    public static RunDetails InView { get; } = new(run => CanonicalJson.Hash(run), (run, _) => new(run));
}
