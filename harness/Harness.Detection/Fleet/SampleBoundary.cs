using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>
/// Bencher's t-test threshold as its documentation describes it: tonight is an alert above mean + t·s of the nights before, at most 64.
/// A night that is itself an alert stays in the sample.
/// </summary>
public sealed class SampleBoundary(double boundary) : IDetector
{
    const int Most = 64;
    const int Least = 5;

    public int? SlowerSince(IReadOnlyList<double?> series)
    {
        if (series[^1] is not { } tonight) return null;
        double[] before = [.. series.Take(series.Count - 1).OfType<double>().TakeLast(Most).Select(Math.Exp)];
        if (before.Length < Least) return null;
        var moments = Moments.Of(before);
        // The half-width of the interval of the mean, without the square root of n that makes it one of the mean.
        var reach = (moments.Interval(2 * boundary - 1).High - moments.Mean) * Math.Sqrt(before.Length);
        return Math.Exp(tonight) > moments.Mean + reach ? series.Count - 1 : null;
    }
}
