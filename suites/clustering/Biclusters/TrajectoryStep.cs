using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Draws all trajectories given groups, loadings, states and dynamics. Counts become Gaussian evidence of log rates by Pólya-Gamma
/// draws: with w ~ PG(y + r, log λ - log r) they say w (log λ - log r) = (y - r)/2 with precision w. Poisson counts are taken as
/// negative binomial of dispersion 100, group by group, and each proposal is accepted by what both models say of it (Metropolis
/// and Hastings).
/// </summary>
sealed class TrajectoryStep(CountTable counts, GroupedNeurons neurons)
{
    const double StandIn = 100;

    readonly int _axes = neurons.Loadings[0].Length;
    readonly LoadingPosterior _likelihood = new(neurons.Loadings[0].Length, counts.Stride, neurons.Model);
    readonly int[] _oneState = new int[counts.Bins];
    readonly double[] _old = new double[counts.Stride];
    readonly double[] _weights = new double[neurons.Loadings[0].Length];
    TrajectorySampler? _sampler;

    /// <param name="dynamics">Of each state, over the axes of all groups.</param>
    public void Draw(IReadOnlyList<LinearDynamics> dynamics, ReadOnlySpan<int> states, Chance chance)
    {
        StepPrecision[] steps = [.. dynamics.Select(StepPrecision.Of)];
        if (neurons.Model == CountModel.NegativeBinomial) DrawTogether(steps, states, chance);
        else
            foreach (var group in neurons.Groups)
            {
                var sampler = Sampler(_axes);
                Condition(sampler, group, steps, states);
                DrawAlone(sampler, group, [.. steps.Select(step => step.Of(group.Place * _axes, _axes))], states, chance);
            }
    }

    /// <summary>Draws the trajectory of each group by itself.</summary>
    /// <param name="dynamics">Over the axes of one group, the same in every bin.</param>
    public void Draw(LinearDynamics dynamics, Chance chance)
    {
        StepPrecision[] step = [StepPrecision.Of(dynamics)];
        foreach (var group in neurons.Groups) DrawAlone(Sampler(_axes), group, step, _oneState, chance);
    }

    void DrawTogether(StepPrecision[] steps, ReadOnlySpan<int> states, Chance chance)
    {
        var sampler = Sampler(_axes * neurons.Groups.Count);
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
            Observe(sampler, neuron, neurons.Of[neuron].Place * _axes, neurons.Dispersions[neuron], chance);
        sampler.Draw(steps, states, chance);
        foreach (var group in neurons.Groups) Take(sampler, group.Place * _axes, group.Trajectory);
    }

    void DrawAlone(TrajectorySampler sampler, Group group, StepPrecision[] steps, ReadOnlySpan<int> states, Chance chance)
    {
        var isExact = neurons.Model == CountModel.NegativeBinomial;
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
            if (neurons.Of[neuron] == group) Observe(sampler, neuron, 0, isExact ? neurons.Dispersions[neuron] : StandIn, chance);
        sampler.Draw(steps, states, chance);
        if (isExact)
        {
            Take(sampler, 0, group.Trajectory);
            return;
        }
        var proposed = new Trajectory(_axes, counts.Bins);
        Take(sampler, 0, proposed);
        var gain = 0.0;
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
            if (neurons.Of[neuron] == group) gain += Excess(neuron, proposed) - Excess(neuron, group.Trajectory);
        if (Math.Log(1 - chance.Unit()) < gain) group.Trajectory = proposed;
    }

    // How much more a Poisson model says of a neuron's counts than the one that stands in for it.
    double Excess(int neuron, Trajectory trajectory)
    {
        var rates = _likelihood.Rates(trajectory, neurons.Loadings[neuron]);
        return LoadingPosterior.LogLikelihood(counts[neuron], 1, rates, counts.Bins, CountModel.Poisson)
            - LoadingPosterior.LogLikelihood(counts[neuron], StandIn, rates, counts.Bins, CountModel.NegativeBinomial);
    }

    void Observe(TrajectorySampler sampler, int neuron, int first, double dispersion, Chance chance)
    {
        var loadings = neurons.Loadings[neuron];
        var own = counts[neuron];
        _likelihood.Rates(neurons.Of[neuron].Trajectory, loadings).CopyTo(_old);
        loadings.CopyTo(_weights, 0);
        _weights[0] = 1;
        var log = Math.Log(dispersion);
        for (var bin = 0; bin < counts.Bins; bin++)
        {
            var weight = PolyaGamma.Draw(own[bin] + dispersion, _old[bin] - log, chance);
            var evidence = 0.5 * (own[bin] - dispersion) - weight * (loadings[0] - log);
            sampler.Observe(bin, first, _weights, weight, evidence);
        }
    }

    // What the trajectories of the other groups say of this one through common dynamics.
    void Condition(TrajectorySampler sampler, Group group, StepPrecision[] steps, ReadOnlySpan<int> states)
    {
        var (first, size) = (group.Place * _axes, _axes * neurons.Groups.Count);
        for (var bin = -1; bin < counts.Bins; bin++)
        {
            var linear = sampler.Linear(bin);
            for (var row = 0; row < _axes; row++)
                foreach (var other in neurons.Groups)
                    for (var axis = 0; axis < _axes && other != group; axis++)
                    {
                        var (to, from) = (first + row, other.Place * _axes + axis);
                        if (bin >= 0)
                        {
                            var into = steps[states[bin]];
                            linear[row] -= into.Now[to * size + from] * other.Trajectory.At(axis, bin)
                                + into.Cross[to * size + from] * other.Trajectory.At(axis, bin - 1);
                        }
                        if (bin + 1 == counts.Bins) continue;
                        var step = steps[states[bin + 1]];
                        linear[row] -= step.Before[to * size + from] * other.Trajectory.At(axis, bin)
                            + step.Cross[from * size + to] * other.Trajectory.At(axis, bin + 1);
                    }
        }
    }

    TrajectorySampler Sampler(int size)
    {
        if (_sampler?.Size != size) _sampler = new(size, counts.Bins);
        _sampler.Clear();
        return _sampler;
    }

    void Take(TrajectorySampler sampler, int first, Trajectory into)
    {
        for (var bin = -1; bin < counts.Bins; bin++)
            for (var axis = 0; axis < _axes; axis++) into.Set(axis, bin, sampler.Drawn[(bin + 1) * sampler.Size + first + axis]);
    }
}
