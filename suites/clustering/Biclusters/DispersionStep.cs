using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>Draws the dispersion r of each neuron given its rates, prior Gamma(1, 1): a random walk of log r (Metropolis).</summary>
sealed class DispersionStep
{
    const double Stride = 0.5;

    readonly CountTable _counts;
    readonly GroupedNeurons _neurons;
    readonly LoadingPosterior _likelihood;

    // Bins of each neuron with more than so many spikes.
    readonly int[][] _above;

    public DispersionStep(CountTable counts, GroupedNeurons neurons)
    {
        (_counts, _neurons, _likelihood) = (counts, neurons, new(neurons.Loadings[0].Length, counts.Stride, neurons.Model));
        _above = [.. Enumerable.Range(0, counts.Neurons).Select(neuron => Above(counts[neuron][..counts.Bins]))];
    }

    public void Draw(Chance chance)
    {
        for (var neuron = 0; neuron < _counts.Neurons; neuron++)
        {
            var now = _neurons.Dispersions[neuron];
            var proposed = now * Math.Exp(Stride * chance.Normal());
            // The walk is in log r, whose density has one more factor r.
            var gain = LogJoint(neuron, proposed) + Math.Log(proposed) - LogJoint(neuron, now) - Math.Log(now);
            if (Math.Log(1 - chance.Unit()) < gain) _neurons.Dispersions[neuron] = proposed;
        }
    }

    /// <summary>
    /// log p(counts of a neuron, r | rates), without what depends on counts alone; of a Poisson model nothing is said of r.
    /// </summary>
    public double LogJoint(int neuron, double dispersion)
    {
        var rates = _likelihood.Rates(_neurons.Of[neuron].Trajectory, _neurons.Loadings[neuron]);
        var sum = LoadingPosterior.LogLikelihood(_counts[neuron], dispersion, rates, _counts.Bins, _neurons.Model);
        if (_neurons.Model == CountModel.Poisson) return sum;
        for (var (below, above) = (0, _above[neuron]); below < above.Length; below++)
            sum += above[below] * Math.Log(dispersion + below);
        return sum - dispersion;
    }

    // Of Γ(y + r) / Γ(r) = r (r + 1) .. (r + y - 1) every factor is counted once for each bin that has it.
    static int[] Above(ReadOnlySpan<double> counts)
    {
        var above = new int[1 + (counts.Length == 0 ? 0 : (int)Max(counts))];
        foreach (var count in counts)
            for (var below = 0; below < count; below++) above[below]++;
        return above[..^1];

        static double Max(ReadOnlySpan<double> values)
        {
            var most = 0.0;
            foreach (var value in values) most = Math.Max(most, value);
            return most;
        }
    }
}
