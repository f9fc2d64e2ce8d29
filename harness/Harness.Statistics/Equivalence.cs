namespace Harness.Statistics;

/// <summary>Two one-sided tests (Schuirmann 1987) that paired differences lie within a margin on either side of zero.</summary>
/// <param name="Lower">p-value of "the mean difference is at or below −margin".</param>
/// <param name="Upper">p-value of "the mean difference is at or above +margin".</param>
public sealed record Equivalence(double Margin, double Lower, double Upper)
{
    /// <summary>The larger of the two; equivalent at level α when it is at most α.</summary>
    public double P => Math.Max(Lower, Upper);

    /// <param name="differences">Paired differences whose mean is near normal, e.g. of scores over seeds.</param>
    /// <param name="margin">The largest difference that does not matter, in the unit of the differences.</param>
    public static Equivalence Test(ReadOnlySpan<double> differences, double margin)
    {
        Ensure.Margin(margin);
        var moments = Moments.Of(differences);
        if (moments.StandardDeviation == 0) return Constant(margin, moments);
        var freedom = moments.Count - 1.0;
        return new(margin, Probability.Student(-(moments.Mean + margin) / moments.StandardError, freedom),
            Probability.Student((moments.Mean - margin) / moments.StandardError, freedom));
    }

    // Without any spread there is no t statistic; the sign test still says how many equal differences are how much evidence.
    static Equivalence Constant(double margin, Moments moments)
    {
        var chance = Math.Pow(0.5, moments.Count);
        return new(margin, moments.Mean > -margin ? chance : 1, moments.Mean < margin ? chance : 1);
    }
}
