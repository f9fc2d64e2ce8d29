namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// The synapses of a projection while it runs, sorted by source and then by delay: those of one source and one delay are a bundle, lie
/// side by side, and travel as one event.
/// </summary>
sealed class Wiring
{
    readonly IReachableCells cells;
    readonly double[] input;
    readonly int[] order;
    readonly int[] firstBundle;
    readonly List<int> start = [];
    readonly List<int> delay = [];
    readonly List<int>[] travelling;

    public Wiring(Projection projection, IReachableCells cells, double step)
    {
        var synapses = projection.Synapses;
        (this.cells, input) = (cells, cells.Input(projection.Receptor));
        var steps = Array.ConvertAll(synapses.Delays, seconds => (int)Math.Round(seconds / step));
        order = [.. Enumerable.Range(0, synapses.Count).OrderBy(synapse => synapses.Sources[synapse]).ThenBy(synapse => steps[synapse])];
        Targets = Array.ConvertAll(order, synapse => synapses.Targets[synapse]);
        Weights = Array.ConvertAll(order, synapse => Weight(synapses.Weights[synapse]));
        firstBundle = new int[projection.Source.Count + 1];
        for (var at = 0; at < order.Length; at++) Append(at, synapses.Sources[order[at]], steps[order[at]]);
        for (var source = 1; source < firstBundle.Length; source++)
            firstBundle[source] = Math.Max(firstBundle[source], firstBundle[source - 1]);
        start.Add(order.Length);
        travelling = [.. Enumerable.Range(0, delay.DefaultIfEmpty(0).Max() + 1).Select(_ => new List<int>())];
        if (projection.Plasticity is { } plasticity) Traces = new(plasticity.Rule, this, projection.Target.Count, step);
    }

    public int[] Targets { get; }
    public double[] Weights { get; }
    public int Bundles => delay.Count;
    public StdpTraces? Traces { get; }

    /// <summary>Spikes that arrived, each at one synapse.</summary>
    public long Events { get; private set; }

    public int Start(int bundle) => start[bundle];

    /// <summary>Puts the spikes of a step on their way.</summary>
    public void Send(List<int> fired, int step)
    {
        foreach (var source in fired)
        {
            for (var bundle = firstBundle[source]; bundle < firstBundle[source + 1]; bundle++)
                travelling[(step + delay[bundle]) % travelling.Length].Add(bundle);
        }
    }

    /// <summary>Adds to the cells what arrives in a step; plastic weights change after they were read.</summary>
    public void Deliver(int step)
    {
        var due = travelling[step % travelling.Length];
        foreach (var bundle in due)
        {
            var (first, end) = (start[bundle], start[bundle + 1]);
            var targets = Targets.AsSpan(first, end - first);
            var weights = Weights.AsSpan(first, targets.Length);
            for (var at = 0; at < targets.Length; at++) input[targets[at]] += weights[at];
            cells.Touch(targets);
            Traces?.Arrive(bundle, step);
            Events += targets.Length;
        }
        due.Clear();
    }

    public void Restart()
    {
        foreach (var bundles in travelling) bundles.Clear();
        Traces?.Clear();
    }

    /// <summary>Weights in the order and unit in which the user gave them.</summary>
    public double[] GivenOrder()
    {
        var given = new double[order.Length];
        for (var at = 0; at < order.Length; at++) given[order[at]] = Weights[at] / cells.Unit;
        return given;
    }

    double Weight(double weight) => cells.Unit == 1 ? weight : Math.Round(weight * cells.Unit);

    void Append(int at, int source, int steps)
    {
        var bundle = delay.Count;
        var opensSource = firstBundle[source + 1] == 0;
        if (opensSource) firstBundle[source] = bundle;
        if (opensSource || delay[^1] != steps)
        {
            start.Add(at);
            delay.Add(steps);
        }
        firstBundle[source + 1] = delay.Count;
    }
}
