namespace Suites.Clustering.Biclusters;

/// <summary>Rates of neurons over time, from counts by a Gaussian window.</summary>
static class SmoothedRates
{
    /// <summary>Square roots of smoothed counts, each neuron with mean 0 and deviation 1; one that never changes is 0.</summary>
    /// <param name="width">Standard deviation of the window in bins, above 0.</param>
    /// <returns>Axes [neuron, bin].</returns>
    public static PointTable Of(CountTable counts, double width)
    {
        var rates = Plain(counts, width);
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
        {
            var own = rates.Values.AsSpan(neuron * counts.Bins, counts.Bins);
            var (mean, squares) = (0.0, 0.0);
            foreach (ref var rate in own) mean += (rate = Math.Sqrt(rate)) / own.Length;
            foreach (ref var rate in own) squares += (rate -= mean) * rate;
            if (squares <= 1e-20) own.Clear();
            else foreach (ref var rate in own) rate /= Math.Sqrt(squares / own.Length);
        }
        return rates;
    }

    /// <summary>Smoothed counts.</summary>
    /// <param name="width">Standard deviation of the window in bins, above 0.</param>
    /// <returns>Axes [neuron, bin].</returns>
    public static PointTable Plain(CountTable counts, double width)
    {
        var rates = new double[counts.Neurons * counts.Bins];
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
            Smooth(counts[neuron][..counts.Bins], rates.AsSpan(neuron * counts.Bins, counts.Bins), width);
        return new(rates, counts.Neurons, counts.Bins);
    }

    // Near the ends the window keeps the part that lies inside, and its sum is 1.
    static void Smooth(ReadOnlySpan<double> counts, Span<double> rates, double width)
    {
        var reach = (int)Math.Ceiling(4 * width);
        for (var bin = 0; bin < rates.Length; bin++)
        {
            var (sum, weights) = (0.0, 0.0);
            for (var at = Math.Max(0, bin - reach); at <= Math.Min(rates.Length - 1, bin + reach); at++)
            {
                var weight = Math.Exp(-0.5 * (at - bin) * (at - bin) / (width * width));
                (sum, weights) = (sum + weight * counts[at], weights + weight);
            }
            rates[bin] = sum / weights;
        }
    }
}
