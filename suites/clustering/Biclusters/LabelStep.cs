using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Draws group, offset and loadings of each neuron together. Groups are weighed by the mixture's prior and Laplace's marginal likelihood, a
/// new group through trajectories that nobody follows (algorithm 8 of Neal 2000, shared among neurons as in Favaro and Teh 2013); then
/// offset and loadings come from Laplace's normal distribution, and both are accepted by the true density (Metropolis and Hastings).
/// </summary>
/// <param name="spares">Trajectories that nobody follows.</param>
sealed class LabelStep(CountTable counts, GroupedNeurons neurons, FiniteMixture mixture, int spares)
{
    readonly int _axes = neurons.Loadings[0].Length;
    readonly double[] _proposed = new double[neurons.Loadings[0].Length], _weights = new double[counts.Neurons + spares + 1];
    readonly List<(Group Group, LoadingPosterior Posterior)> _candidates = [];
    readonly List<LoadingPosterior> _pool = [];

    /// <param name="smooth">Form of the trajectories that nobody follows.</param>
    /// <param name="ofUnitAxes">Which prior loadings have: see <see cref="LoadingPosterior.Fit"/>.</param>
    public void Draw(bool smooth, bool ofUnitAxes, Chance chance)
    {
        Group[] spare = [.. Enumerable.Range(0, spares).Select(_ => Spare(smooth, chance))];
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
        {
            // A group that would be left empty is itself one that nobody follows.
            var (own, place) = (neurons.Of[neuron], chance.Below(spares));
            var unused = spare[place];
            if (own.Members == 1) spare[place] = own;
            Draw(neuron, spare, ofUnitAxes, chance);
            if (own.Members > 0) spare[place] = unused;
            for (var at = 0; at < spares; at++)
                if (spare[at].Members > 0) spare[at] = Spare(smooth, chance);
        }
    }

    /// <summary>Draws offsets and loadings alone.</summary>
    public void DrawLoadings(Chance chance)
    {
        for (var neuron = 0; neuron < counts.Neurons; neuron++)
        {
            _candidates.Clear();
            Weigh(neuron, neurons.Of[neuron], prior: 0, ofUnitAxes: false);
            Accept(neuron, chosen: 0, chance);
        }
    }

    void Draw(int neuron, Group[] spare, bool ofUnitAxes, Chance chance)
    {
        var own = neurons.Of[neuron];
        _candidates.Clear();
        var others = neurons.Groups.Count - (own.Members == 1 ? 1 : 0);
        foreach (var group in neurons.Groups)
            if (group.Members > (group == own ? 1 : 0))
                Weigh(neuron, group, mixture.LogOld(group.Members - (group == own ? 1 : 0)), ofUnitAxes);
        foreach (var group in spare) Weigh(neuron, group, mixture.LogNew(others) - Math.Log(spares), ofUnitAxes);
        Accept(neuron, Choose(chance), chance);
    }

    void Accept(int neuron, int chosen, Chance chance)
    {
        var (next, posterior) = _candidates[chosen];
        var own = neurons.Of[neuron];
        var current = _candidates.Find(candidate => candidate.Group == own).Posterior;
        posterior.Propose(_proposed, chance);
        var gain = Excess(neuron, next, posterior, _proposed) - Excess(neuron, own, current, neurons.Loadings[neuron]);
        if (Math.Log(1 - chance.Unit()) >= gain) return;
        _proposed.CopyTo(neurons.Loadings[neuron], 0);
        neurons.Move(neuron, next);
    }

    void Weigh(int neuron, Group group, double prior, bool ofUnitAxes)
    {
        if (_pool.Count == _candidates.Count) _pool.Add(new(_axes, counts.Stride, neurons.Model));
        var posterior = _pool[_candidates.Count];
        posterior.Fit(counts[neuron], neurons.Dispersions[neuron], group.Trajectory, group.Modes[neuron], ofUnitAxes);
        posterior.Mode.CopyTo(group.Modes[neuron], 0);
        _weights[_candidates.Count] = prior + posterior.LogMarginal;
        _candidates.Add((group, posterior));
    }

    int Choose(Chance chance)
    {
        var weights = _weights.AsSpan(0, _candidates.Count);
        var (high, sum) = (double.NegativeInfinity, 0.0);
        foreach (var weight in weights) high = Math.Max(high, weight);
        foreach (ref var weight in weights) sum += weight = Math.Exp(weight - high);
        var (left, chosen) = (chance.Unit() * sum, 0);
        while (chosen < weights.Length - 1 && (left -= weights[chosen]) >= 0) chosen++;
        return chosen;
    }

    // How much higher the true density is than the one that proposes; both weigh groups alike.
    double Excess(int neuron, Group group, LoadingPosterior posterior, ReadOnlySpan<double> loadings) =>
        posterior.LogJoint(counts[neuron], neurons.Dispersions[neuron], group.Trajectory, loadings)
            - posterior.LogMarginal - posterior.LogProposal(loadings);

    Group Spare(bool smooth, Chance chance) => new(FreshTrajectory.Draw(_axes, counts.Bins, smooth, chance), counts.Neurons);
}
