using Harness.Statistics;

namespace Harness.Detection.Pairing;

/// <summary>One side of a paired measurement: the pinned build, or the build under test.</summary>
public enum Arm { Base, Head }

/// <summary>In which order the two arms run, so that a machine that warms up or slows down favours neither.</summary>
public static class BlockOrder
{
    /// <summary>
    /// Two runs a pair. A coin chooses who begins the first pair, every further pair begins with the other arm: A B B A A B B A …, whose
    /// linear drift cancels over two pairs.
    /// </summary>
    public static IReadOnlyList<Arm> Of(int pairs, Chance coin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        var first = coin.Below(2) == 0 ? Arm.Base : Arm.Head;
        return [.. Enumerable.Range(0, pairs).SelectMany(pair => pair % 2 == 0 ? [first, Other(first)] : new[] { Other(first), first })];
    }

    static Arm Other(Arm arm) => arm == Arm.Base ? Arm.Head : Arm.Base;
}
