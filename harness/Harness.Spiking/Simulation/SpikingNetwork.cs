namespace Harness.Spiking.Simulation;

/// <summary>Synapses from one population to another, or to itself.</summary>
public sealed record Projection(Population Source, Population Target, Receptor Receptor, Synapses Synapses, Plasticity? Plasticity)
{
    internal int Index { get; init; }
}

/// <summary>
/// Populations and the synapses between them, on a grid of <paramref name="step"/> seconds. A <see cref="Simulator"/> runs it.
/// </summary>
public sealed class SpikingNetwork(double step)
{
    readonly List<Population> populations = [];
    readonly List<Projection> projections = [];

    /// <summary>Seconds.</summary>
    public double Step { get; } = step > 0 && double.IsFinite(step) ? step
        : throw new HarnessException($"A time step must be above 0 s, not {step}.");

    public IReadOnlyList<Population> Populations => populations;
    public IReadOnlyList<Projection> Projections => projections;

    /// <summary>Cells that integrate what arrives.</summary>
    public Population AddCells(string name, int count, CellModel model)
    {
        model.Check();
        if (model is IzhikevichCell && Step > 1e-3)
            throw new HarnessException($"Izhikevich cells are unstable in forward Euler steps of {Step} s; use 0.001 s or less.");
        return Add(name, count, new SpikeOrigin.Cells(model));
    }

    /// <summary>Independent Poisson trains of <paramref name="rate"/> spikes per second each, drawn from the simulator's seed.</summary>
    public Population AddPoisson(string name, int count, double rate)
    {
        if (!(rate >= 0 && rate * Step < 1))
            throw new HarnessException($"A Poisson rate must be 0 or more, and below one spike per step of {Step} s, not {rate}.");
        return Add(name, count, new SpikeOrigin.Poisson(rate));
    }

    /// <summary>Neurons that fire when <see cref="Simulator.Feed"/> says so.</summary>
    public Population AddInput(string name, int count) => Add(name, count, new SpikeOrigin.Fed());

    public Projection Connect(Population source, Population target, Synapses synapses, Receptor receptor = Receptor.Potential,
        Plasticity? plasticity = null)
    {
        foreach (var population in new[] { source, target })
            if (populations.ElementAtOrDefault(population.Index) != population)
                throw new HarnessException($"Population {population.Name} belongs to another network.");
        if (target.Model is null) throw new HarnessException($"Population {target.Name} is a source of spikes and takes none.");
        synapses.Check(source, target);
        plasticity?.Check();
        var projection = new Projection(source, target, receptor, synapses, plasticity) { Index = projections.Count };
        projections.Add(projection);
        return projection;
    }

    Population Add(string name, int count, SpikeOrigin origin)
    {
        if (count < 1) throw new HarnessException($"Population {name} needs at least one neuron, not {count}.");
        if (populations.Exists(one => one.Name == name)) throw new HarnessException($"There are two populations named {name}.");
        var population = new Population(populations.Count, name, count, origin);
        populations.Add(population);
        return population;
    }
}
