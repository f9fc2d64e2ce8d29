using Harness.Spiking.Simulation.Running;
using Harness.Torch;

namespace Harness.Spiking.Simulation;

/// <summary>
/// Runs a <see cref="SpikingNetwork"/>. A step is, in this order: all cells integrate over it and those above the threshold fire; spikes
/// that are due arrive, projection by projection, and plastic weights change (arrivals before postsynaptic spikes); who fired is reset.
/// A spike with delay 0 arrives in its own step, so a hard reset in that step outlasts it. Single-threaded; the same everywhere to the bit
/// for cells without exponentials in a step (all but <see cref="ConductanceCell"/>).
/// </summary>
public sealed class Simulator
{
    readonly SpikingNetwork network;
    readonly ICells[] cells;
    readonly Wiring[] wirings;
    readonly SpikeLog[] logs;
    readonly List<int>[] fired;
    SimulationCounts counted = new(0, 0, 0, 0);
    long spikes;

    /// <param name="seed">Of all Poisson sources.</param>
    /// <exception cref="HarnessException">The engine cannot simulate a cell or a projection; the message names it.</exception>
    public Simulator(SpikingNetwork network, Engine engine, int seed = 1)
    {
        this.network = network;
        cells = [.. network.Populations.Select(population => Cells(population, engine, seed))];
        wirings = [.. network.Projections.Select(projection =>
            new Wiring(projection, (IReachableCells)cells[projection.Target.Index], network.Step))];
        logs = [.. network.Populations.Select(population => new SpikeLog(population.Count))];
        fired = [.. network.Populations.Select(_ => new List<int>())];
    }

    /// <summary>Steps that were simulated.</summary>
    public int Steps { get; private set; }

    /// <summary>Simulates on for so many seconds; says what that took.</summary>
    public SimulationCounts Run(double seconds)
    {
        if (!(seconds >= 0 && Steps + seconds / network.Step < int.MaxValue))
            throw new HarnessException($"A simulation cannot go on for {seconds} s: at steps of {network.Step} s it holds up to "
                + $"{int.MaxValue * network.Step:G3} s.");
        for (var end = Steps + (int)Math.Round(seconds / network.Step); Steps < end; Steps++) Step(Steps);
        var before = counted;
        counted = new(spikes, wirings.Sum(wiring => wiring.Events), cells.Sum(one => one.Updates),
            wirings.Sum(wiring => wiring.Traces?.Updates ?? 0));
        return new(counted.Spikes - before.Spikes, counted.SynapticEvents - before.SynapticEvents,
            counted.NeuronUpdates - before.NeuronUpdates, counted.WeightUpdates - before.WeightUpdates);
    }

    /// <summary>Lets a population made by <see cref="SpikingNetwork.AddInput"/> fire at steps to come.</summary>
    public void Feed(Population input, IEnumerable<SpikeEvent> spikes)
    {
        if (cells[IndexOf(input)] is not FedCells fed)
            throw new HarnessException($"Population {input.Name} fires on its own; feed one that AddInput made.");
        foreach (var spike in spikes)
        {
            if (spike.Step < Steps || (uint)spike.Neuron >= (uint)input.Count)
                throw new HarnessException($"Population {input.Name} of {input.Count} cannot fire neuron {spike.Neuron} in step "
                    + $"{spike.Step}: neurons are counted from 0, and {Steps} steps have passed.");
            fed.Feed(spike);
        }
    }

    /// <summary>What a population has fired since the start or the last <see cref="Forget"/>.</summary>
    public SpikeLog Spikes(Population population) => logs[IndexOf(population)];

    /// <summary>Empties the logs of spikes.</summary>
    public void Forget()
    {
        foreach (var log in logs) log.Clear();
    }

    /// <summary>The potential of each cell at the end of the last step, after arrivals and reset.</summary>
    public double[] Potentials(Population population) => cells[IndexOf(population)] is IReachableCells reachable
        ? [.. Enumerable.Range(0, population.Count).Select(cell => reachable.Potential(cell, Steps - 1))]
        : throw new HarnessException($"Population {population.Name} is a source of spikes and has no potential.");

    /// <summary>The weights of a projection as they are now, in the order of its synapses.</summary>
    public double[] Weights(Projection projection) => network.Projections.ElementAtOrDefault(projection.Index) == projection
        ? wirings[projection.Index].GivenOrder()
        : throw new HarnessException("The projection belongs to another network.");

    /// <summary>
    /// Puts every cell back to its initial state, and drops spikes on their way, fed spikes and traces; time and weights go on. For the
    /// next sample of a data set.
    /// </summary>
    public void Quiet()
    {
        foreach (var one in cells) one.Restart(Steps);
        foreach (var wiring in wirings) wiring.Restart();
    }

    void Step(int step)
    {
        for (var population = 0; population < cells.Length; population++)
        {
            fired[population].Clear();
            cells[population].Advance(step, fired[population]);
            logs[population].Add(step, fired[population]);
            spikes += fired[population].Count;
        }
        for (var at = 0; at < wirings.Length; at++) wirings[at].Send(fired[network.Projections[at].Source.Index], step);
        foreach (var wiring in wirings) wiring.Deliver(step);
        for (var at = 0; at < wirings.Length; at++) wirings[at].Traces?.Fire(fired[network.Projections[at].Target.Index], step);
        for (var population = 0; population < cells.Length; population++) cells[population].Reset(fired[population], step);
    }

    int IndexOf(Population population) => network.Populations.ElementAtOrDefault(population.Index) == population ? population.Index
        : throw new HarnessException($"Population {population.Name} belongs to another network.");

    ICells Cells(Population population, Engine engine, int seed) => (population.Origin, engine) switch
    {
        (SpikeOrigin.Poisson poisson, _) => new PoissonCells(population.Count, poisson.Rate * network.Step,
            new SampleOrder(((long)seed << 20) + population.Index)),
        (SpikeOrigin.Fed, _) => new FedCells(),
        (SpikeOrigin.Cells { Model: LifCell cell }, Engine.Clock) => new LifCells(population, cell, network.Step),
        (SpikeOrigin.Cells { Model: LifCell cell }, Engine.Events) => new SleepingLifCells(population, cell, network.Step),
        (SpikeOrigin.Cells { Model: LifCell cell }, FixedPoint format) => FixedCells(population, cell, format),
        (SpikeOrigin.Cells { Model: ConductanceCell cell }, Engine.Clock) => new ConductanceCells(population, cell, network.Step),
        (SpikeOrigin.Cells { Model: IzhikevichCell cell }, Engine.Clock) => new IzhikevichCells(population, cell, network.Step),
        _ => throw new HarnessException($"Population {population.Name} is of {population.Model!.GetType().Name}s, which only the "
            + $"clock-driven engine simulates; event-driven and fixed-point simulation are for {nameof(LifCell)}s."),
    };

    FixedPointCells FixedCells(Population population, LifCell cell, FixedPoint format)
    {
        format.Check();
        var into = network.Projections.Where(projection => projection.Target == population).ToList();
        if (into.Find(projection => projection.Plasticity is not null) is { } plastic)
            throw new HarnessException($"The synapses from {plastic.Source.Name} to {population.Name} are plastic, which fixed-point "
                + "simulation is not; connect them without plasticity, or simulate clock-driven.");
        var largest = into.SelectMany(projection => projection.Synapses.Weights).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new(population, cell, format, largest, network.Step);
    }
}
