using System.Diagnostics;

namespace Harness.Torch.Native;

/// <summary>
/// Holds addresses for at least <paramref name="shortest"/> and gives them back in batches, in the order in which they came.
/// </summary>
/// <remarks>Two lists take turns, so that an address costs eight bytes and no time of its own is kept for it.</remarks>
sealed class TwoAges(TimeSpan shortest)
{
    readonly long ticks = (long)(shortest.TotalSeconds * Stopwatch.Frequency);
    List<nint> young = [], old = [];
    long turned;

    /// <summary>Takes one address at time <paramref name="now"/> (a <see cref="Stopwatch"/> timestamp).</summary>
    /// <returns>Those that have waited long enough.</returns>
    public IReadOnlyList<nint> Exchange(nint address, long now)
    {
        if (now - turned < ticks)
        {
            young.Add(address);
            return [];
        }
        var due = old;
        (old, young, turned) = (young, [address], now);
        return due;
    }
}
