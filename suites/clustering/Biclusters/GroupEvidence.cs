namespace Suites.Clustering.Biclusters;

/// <summary>
/// How likely the counts of some neurons are if they follow one trajectory that walks at random, trajectory and loadings integrated out
/// around their modes, each given the other (Laplace's approximation). It finds groups to begin with and takes no part in draws.
/// </summary>
sealed class GroupEvidence(CountTable counts, GroupedNeurons neurons, double noise)
{
    const int Turns = 8;

    readonly int _axes = neurons.Loadings[0].Length;
    readonly LoadingPosterior _loadings = new(neurons.Loadings[0].Length, counts.Stride, neurons.Model);
    readonly TrajectorySampler _sampler = new(neurons.Loadings[0].Length, counts.Bins);
    readonly int[] _oneState = new int[counts.Bins];
    readonly double[] _weights = new double[neurons.Loadings[0].Length];

    /// <param name="members">At least one neuron.</param>
    /// <param name="start">A trajectory to begin with; it becomes that of the group.</param>
    public double Of(IReadOnlyList<int> members, Trajectory start)
    {
        var walk = LinearDynamics.RandomWalk(_axes, noise);
        StepPrecision[] step = [StepPrecision.Of(walk)];
        double[][] modes = [.. members.Select(neuron => (double[])neurons.Loadings[neuron].Clone())];
        for (var turn = 0; turn < Turns; turn++)
        {
            _sampler.Clear();
            foreach (var (at, neuron) in members.Index())
            {
                _loadings.Fit(counts[neuron], neurons.Dispersions[neuron], start, modes[at], ofUnitAxes: true);
                _loadings.Mode.CopyTo(modes[at], 0);
                Observe(start, modes[at]);
            }
            _sampler.Draw(step, _oneState, chance: null);
            for (var bin = -1; bin < counts.Bins; bin++)
                for (var axis = 0; axis < _axes; axis++) start.Set(axis, bin, _sampler.Drawn[(bin + 1) * _axes + axis]);
        }
        var sum = LogPrior(start, walk) - 0.5 * _sampler.LogDeterminant;
        foreach (var (at, neuron) in members.Index())
        {
            _loadings.Fit(counts[neuron], neurons.Dispersions[neuron], start, modes[at], ofUnitAxes: true);
            sum += _loadings.LogMarginal;
        }
        return sum;
    }

    // Newton's step of the trajectory: a normal likelihood that has slope and curvature of the true one.
    void Observe(Trajectory trajectory, double[] loadings)
    {
        loadings.CopyTo(_weights, 0);
        _weights[0] = 1;
        for (var bin = 0; bin < counts.Bins; bin++)
        {
            var (slope, weight, rate) = (_loadings.LastSlopes[bin], _loadings.LastWeights[bin], 0.0);
            for (var axis = 0; axis < _axes; axis++) rate += _weights[axis] * trajectory.At(axis, bin);
            _sampler.Observe(bin, 0, _weights, weight, slope + weight * rate);
        }
    }

    // Without (2 pi)^(-d/2), which Laplace's approximation takes back.
    double LogPrior(Trajectory trajectory, LinearDynamics walk)
    {
        Span<double> before = stackalloc double[_axes + 1], now = stackalloc double[_axes];
        before[_axes] = 1;
        var sum = 0.0;
        foreach (var value in trajectory.Before) sum -= 0.5 * value * value;
        for (var bin = 0; bin < counts.Bins; bin++)
        {
            for (var axis = 0; axis < _axes; axis++) (before[axis], now[axis]) = (trajectory.At(axis, bin - 1), trajectory.At(axis, bin));
            sum += walk.LogDensity(before, now);
        }
        return sum;
    }
}
