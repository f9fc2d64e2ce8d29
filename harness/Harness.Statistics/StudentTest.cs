namespace Harness.Statistics;

/// <summary>Student's t-test, which assumes normal values; <see cref="SignFlip"/> does not.</summary>
public static class StudentTest
{
    /// <summary>Two-sided p-value of a t statistic with this many degrees of freedom.</summary>
    public static double TwoSided(double t, double freedom)
    {
        Ensure.Finite([t]);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(freedom);
        return 2 * Probability.Student(-Math.Abs(t), freedom);
    }
}
