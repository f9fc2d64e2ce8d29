using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>
/// asv's step detection after its documentation: a piecewise constant fit in least absolute deviations (Potts; dynamic programming as in
/// Friedrich and others 2008), the penalty by an information criterion with autocorrelated noise, and a regression where a later level
/// stays above an earlier one by more than the error and a share of it. Only a rise is a regression.
/// </summary>
public sealed class StepDetection(double threshold) : IDetector
{
    const int Penalties = 16;
    const int LeastNights = 2;

    readonly List<double> _values = [];
    readonly List<int> _places = [];
    // Per right end, the cost and median of every segment that ends there, by its left end.
    readonly List<(double Cost, double Median)[]> _segments = [];

    sealed record Step(int Left, int Right, double Level, double Error);

    public int? SlowerSince(IReadOnlyList<double?> series)
    {
        if (series[^1] is not { } tonight) return null;
        Add(Math.Exp(tonight), series.Count - 1);
        return _values.Count < 4 ? null : Regression(Steps()) is { } step ? _places[step.Left] : null;
    }

    void Add(double value, int place)
    {
        _values.Add(value);
        _places.Add(place);
        var ends = new (double, double)[_values.Count];
        var sorted = new List<double>();
        for (var left = _values.Count - 1; left >= 0; left--)
        {
            var at = sorted.BinarySearch(_values[left]);
            sorted.Insert(at < 0 ? ~at : at, _values[left]);
            var median = sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
            ends[left] = (sorted.Sum(other => Math.Abs(other - median)), median);
        }
        _segments.Add(ends);
    }

    List<Step> Steps()
    {
        var n = _values.Count;
        var whole = _segments[^1][0].Cost is > 0 and var cost ? cost : 1;
        var weight = 4 * Math.Log(n) / n;
        List<Step> best = [];
        var least = double.PositiveInfinity;
        for (var penalty = 0; penalty < Penalties; penalty++)
        {
            var steps = Fit(whole * Math.Exp(Math.Log(0.1 / n) * penalty / (Penalties - 1)));
            var criterion = weight * steps.Count + Math.Log(Floor(steps) + Residuals(steps));
            if (criterion >= least) continue;
            (least, best) = (criterion, steps);
        }
        return best;
    }

    List<Step> Fit(double penalty)
    {
        var (costs, starts) = (new double[_values.Count + 1], new int[_values.Count]);
        costs[0] = -penalty;
        for (var right = 0; right < _values.Count; right++)
        {
            costs[right + 1] = double.PositiveInfinity;
            for (var left = 0; left <= right; left++)
                if (costs[left] + penalty + _segments[right][left].Cost is var cost && cost <= costs[right + 1])
                    (costs[right + 1], starts[right]) = (cost, left);
        }
        var steps = new List<Step>();
        for (var right = _values.Count - 1; right >= 0; right = starts[right] - 1)
        {
            var (cost, median) = _segments[right][starts[right]];
            steps.Add(new(starts[right], right, median, cost / (right - starts[right] + 1)));
        }
        steps.Reverse();
        return steps;
    }

    static double Floor(List<Step> steps) => steps.Count > 2
        ? Math.Max(1e-300, 0.1 * steps.Zip(steps.Skip(1), (one, next) => Math.Abs(next.Level - one.Level)).Min())
        : 0.001 * steps.Min(step => Math.Abs(step.Level));

    // Sum of absolute deviations from an autoregression of the residuals, at the best of some coefficients.
    double Residuals(List<Step> steps)
    {
        var residuals = steps.SelectMany(step => Enumerable.Range(step.Left, step.Right - step.Left + 1)
            .Select(night => _values[night] - step.Level)).ToArray();
        return Enumerable.Range(-9, 19).Min(tenth => Math.Abs(residuals[0])
            + residuals.Zip(residuals.Skip(1), (one, next) => Math.Abs(next - tenth / 10.0 * one)).Sum());
    }

    // Walks back from the newest level to one that was clearly lower; a single low night between higher ones is no level.
    Step? Regression(List<Step> steps)
    {
        var last = steps[^1];
        for (var index = steps.Count - 2; index >= 0; index--)
        {
            var lower = steps[index];
            if (!IsBelow(lower, last)) continue;
            var isShort = lower.Right - lower.Left + 1 < LeastNights;
            if (isShort && index > 0 && !IsBelow(steps[index - 1], last)) continue;
            return steps[index + 1];
        }
        return null;
    }

    bool IsBelow(Step earlier, Step last) =>
        last.Level > earlier.Level + Math.Max(Math.Max(earlier.Error, last.Error), threshold * earlier.Level);
}
