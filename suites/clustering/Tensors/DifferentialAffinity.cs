namespace Suites.Clustering.Tensors;

/// <summary>
/// How strongly two traces change together: the root of the product of their smoothed derivatives, where both rise or both fall, else 0,
/// averaged over a window of times. The published kernel is not reachable: this one is a reconstruction of its description.
/// </summary>
/// <param name="HalfWidth">Of the straight line that is fitted at each time, whose slope is the derivative.</param>
/// <param name="HalfWindow">Of the average.</param>
sealed record DifferentialAffinity(int HalfWidth = 3, int HalfWindow = 3)
{
    // A normal deviation is so many median absolute deviations.
    const double Normal = 1.4826;

    /// <param name="traces">Axes [node][time].</param>
    /// <param name="scale">Whether each derivative is divided by its robust deviation over all times.</param>
    /// <returns>Axes [pair, time], 0 or more.</returns>
    public double[,] Of(double[][] traces, bool scale = true)
    {
        double[][] slopes = [.. traces.Select(trace => Slopes(trace, scale))];
        var times = traces[0].Length;
        var affinities = new double[traces.Length * (traces.Length - 1) / 2, times];
        foreach (var (pair, (one, other)) in PairTensor.PairsOf(traces.Length).Index())
        {
            double[] together = [.. slopes[one].Zip(slopes[other], (first, second) => Math.Sqrt(Math.Max(0, first * second)))];
            for (var time = 0; time < times; time++) affinities[pair, time] = Around(together, time).Average();
        }
        return affinities;
    }

    ArraySegment<double> Around(double[] values, int time)
    {
        var (first, end) = (Math.Max(0, time - HalfWindow), Math.Min(values.Length, time + HalfWindow + 1));
        return new(values, first, end - first);
    }

    // The slope of the straight line of least squares, as by a filter of Savitzky and Golay; times beyond the ends are those at the ends.
    double[] Slopes(double[] trace, bool scale)
    {
        var norm = HalfWidth * (HalfWidth + 1) * (2 * HalfWidth + 1) / 3.0;
        double[] slopes = [.. Enumerable.Range(0, trace.Length).Select(time => Enumerable.Range(-HalfWidth, 2 * HalfWidth + 1)
            .Sum(step => step * trace[Math.Clamp(time + step, 0, trace.Length - 1)]) / norm)];
        if (!scale) return slopes;
        var middle = Median(slopes);
        var deviation = Normal * Median([.. slopes.Select(slope => Math.Abs(slope - middle))]);
        return deviation > 0 ? Array.ConvertAll(slopes, slope => slope / deviation) : slopes;
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
