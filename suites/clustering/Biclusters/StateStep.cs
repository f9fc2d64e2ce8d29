using Harness.Datasets;
using Suites.Clustering.Centers;

namespace Suites.Clustering.Biclusters;

/// <summary>Draws dynamics of each state, transitions and the state of each bin given all trajectories.</summary>
sealed class StateStep
{
    readonly int _bins;
    readonly StickyTransitions _transitions;
    readonly HiddenStates _hidden;
    readonly double[] _densities;
    double[] _values = [];
    DynamicsPosterior? _posterior;

    public StateStep(int bins, StickyTransitions transitions, Chance chance)
    {
        (_bins, _transitions) = (bins, transitions);
        (_hidden, _densities) = (new(bins, transitions.States), new double[bins * transitions.States]);
        // As many stretches of equal length as there may be states.
        States = [.. Enumerable.Range(0, bins).Select(bin => (int)((long)bin * transitions.States / bins))];
        transitions.Draw(Counts(), chance);
    }

    /// <summary>Axis [bin]: by which dynamics it comes from the one before.</summary>
    public int[] States { get; }

    /// <summary>Of each state, as they were drawn last.</summary>
    public IReadOnlyList<LinearDynamics> Dynamics { get; private set; } = [];

    /// <summary>A place to begin: bins by k-means of how far the trajectory of each group is from 0 around them, on a log scale.</summary>
    public void Settle(IReadOnlyList<Group> groups, int clusters, Chance chance, CancellationToken cancellation)
    {
        const int Reach = 6;
        var features = new double[_bins * groups.Count];
        for (var bin = 0; bin < _bins; bin++)
            foreach (var (place, group) in groups.Index())
            {
                var (squares, first, last) = (0.0, Math.Max(0, bin - Reach), Math.Min(_bins - 1, bin + Reach));
                for (var near = first; near <= last; near++)
                    for (var axis = 0; axis < group.Trajectory.Axes; axis++) squares += Math.Pow(group.Trajectory.At(axis, near), 2);
                features[bin * groups.Count + place] = Math.Log(squares / (last - first + 1) + 1e-6);
            }
        var lloyd = new Lloyd(new(features, _bins, groups.Count), 1e-4, 300, _ => cancellation.ThrowIfCancellationRequested(), 1);
        lloyd.Best(clusters, 5, chance).Assignment.CopyTo(States, 0);
        _transitions.Draw(Counts(), chance);
    }

    /// <summary>Draws dynamics, states and transitions once.</summary>
    public void Draw(IReadOnlyList<Group> groups, Chance chance)
    {
        DrawDynamics(groups, chance);
        for (var bin = 0; bin < _bins; bin++)
            for (var state = 0; state < _transitions.States; state++)
                _densities[bin * _transitions.States + state] = Dynamics[state].LogDensity(Before(bin), Now(bin));
        _hidden.Filter(_transitions.Probabilities, _densities);
        _hidden.Draw(_transitions.Probabilities, States, chance);
        _transitions.Draw(Counts(), chance);
    }

    /// <summary>log p(trajectories, states | dynamics, transitions), without constants of the normal distribution.</summary>
    public double LogDensity(IReadOnlyList<Group> groups)
    {
        Gather(groups);
        var sum = LogTransitions();
        for (var bin = 0; bin < _bins; bin++)
            sum += Dynamics[States[bin]].LogDensity(Before(bin), Now(bin));
        foreach (var value in Before(0)[..Dynamics[0].Size]) sum -= 0.5 * value * value;
        return sum;
    }

    /// <summary>Draws dynamics given the states as they are.</summary>
    public void DrawDynamics(IReadOnlyList<Group> groups, Chance chance)
    {
        Gather(groups);
        Prepare();
        for (var state = 0; state < _transitions.States; state++)
        {
            _posterior!.Clear();
            for (var bin = 0; bin < _bins; bin++)
                if (States[bin] == state) _posterior.Add(Before(bin), Now(bin));
            _posterior.Draw(Dynamics[state], chance);
        }
    }

    double LogTransitions()
    {
        var sum = -Math.Log(_transitions.States);
        for (var bin = 1; bin < _bins; bin++)
            sum += Math.Log(_transitions.Probabilities[States[bin - 1] * _transitions.States + States[bin]]);
        return sum;
    }

    void Prepare()
    {
        var size = Width - 1;
        if (Dynamics.Count > 0 && Dynamics[0].Size == size) return;
        Dynamics = [.. Enumerable.Range(0, _transitions.States).Select(_ => new LinearDynamics(size))];
        _posterior = new(size);
    }

    int Width => _values.Length / (_bins + 1);

    // The value before a bin and a 1 behind it.
    ReadOnlySpan<double> Before(int bin) => _values.AsSpan(bin * Width, Width);

    ReadOnlySpan<double> Now(int bin) => _values.AsSpan((bin + 1) * Width, Width - 1);

    void Gather(IReadOnlyList<Group> groups)
    {
        var (axes, width) = (groups[0].Trajectory.Axes, groups.Count * groups[0].Trajectory.Axes + 1);
        if (_values.Length != width * (_bins + 1)) _values = new double[width * (_bins + 1)];
        foreach (var group in groups)
            for (var axis = 0; axis < axes; axis++)
                for (var bin = -1; bin < _bins; bin++)
                    _values[(bin + 1) * width + group.Place * axes + axis] = group.Trajectory.At(axis, bin);
        for (var bin = 0; bin <= _bins; bin++) _values[bin * width + width - 1] = 1;
    }

    int[] Counts()
    {
        var counts = new int[_transitions.States * _transitions.States];
        for (var bin = 1; bin < _bins; bin++) counts[States[bin - 1] * _transitions.States + States[bin]]++;
        return counts;
    }
}
