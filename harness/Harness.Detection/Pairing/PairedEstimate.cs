using Harness.Statistics;

namespace Harness.Detection.Pairing;

/// <summary>What pairs of runs say about the head: differences of <see cref="Cost"/>, head less base, so that positive is worse.</summary>
/// <param name="Effect">Hodges-Lehmann estimate of the typical difference.</param>
/// <param name="Interval">95 % interval by inverting the sign-flip test; with fewer than 6 pairs its level is lower and says so.</param>
/// <param name="Deviation">Standard deviation of one difference; null for a single pair.</param>
/// <param name="Worse">One-sided p-value of the sign-flip test against "not worse": exact up to 40 pairs.</param>
/// <param name="Better">The same for "not better".</param>
public sealed record PairedEstimate(int Pairs, double Effect, Interval Interval, double? Deviation, double Worse, double Better)
{
    /// <param name="chance">Seed it from the series and the run: only more than 18 pairs draw from it.</param>
    public static PairedEstimate Of(ReadOnlySpan<double> differences, Chance chance) => new(differences.Length,
        HodgesLehmann.Estimate(differences),
        differences.Length < 2 ? new(double.NegativeInfinity, double.PositiveInfinity, 0) : SignFlip.Interval(differences, chance),
        differences.Length < 2 ? null : Moments.Of(differences).StandardDeviation,
        SignFlip.Test(differences, chance, Alternative.Greater), SignFlip.Test(differences, chance, Alternative.Less));

    /// <summary>The smallest true change that this many pairs find with 80 % power at a one-sided level of 1 %: 3.17 s/√n.</summary>
    public double? Detectable => Deviation is { } deviation ? DetectableEffect.Paired(deviation, Pairs) : null;
}
