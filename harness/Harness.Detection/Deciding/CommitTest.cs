using Harness.Statistics;

namespace Harness.Detection.Deciding;

/// <summary>
/// Whether a commit between a good and a bad one has the change: its pairs against the good one are tested against half of the
/// confirmed effect, on either side. A test against zero could only ever say "bad"; and where two commits share a change, the half that
/// is larger is found.
/// </summary>
public static class CommitTest
{
    /// <summary>A bisection asks some ten times, and one wrong answer leads it astray.</summary>
    const double Alpha = 0.01;

    /// <param name="differences">Costs of the commit less costs of the good one.</param>
    /// <param name="confirmed">The effect that is looked for, with its sign.</param>
    public static CommitState Of(IReadOnlyList<double> differences, double confirmed, Chance chance)
    {
        if (differences.Count == 0) return CommitState.Unknown;
        double[] beyond = [.. differences.Select(difference => Math.Sign(confirmed) * (difference - confirmed / 2))];
        if (SignFlip.Test(beyond, chance, Alternative.Greater) <= Alpha) return CommitState.Bad;
        return SignFlip.Test(beyond, chance, Alternative.Less) <= Alpha ? CommitState.Good : CommitState.Unknown;
    }

    /// <summary>For a number that does not scatter: on which side of the middle it lies.</summary>
    public static CommitState Of(double? value, double good, double bad) => value is not { } found ? CommitState.Unknown
        : Math.Abs(found - bad) < Math.Abs(found - good) ? CommitState.Bad : CommitState.Good;
}
