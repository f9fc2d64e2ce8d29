using Harness.Torch;

namespace Harness.Spiking.Simulation;

/// <summary>
/// A list of synapses: the k-th leads from neuron <see cref="Sources"/>[k] to neuron <see cref="Targets"/>[k], with a weight in the unit
/// of the receptor and a delay in seconds, which a network rounds to its nearest step. Several synapses may join one pair.
/// </summary>
public sealed record Synapses(int[] Sources, int[] Targets, double[] Weights, double[] Delays)
{
    public int Count => Sources.Length;

    /// <summary>Every source with every target.</summary>
    public static Synapses AllToAll(int sources, int targets, double weight, double delay = 0) => Of(sources, targets, weight, delay,
        (_, _) => true);

    /// <summary>The i-th with the i-th.</summary>
    public static Synapses OneToOne(int count, double weight, double delay = 0) => Of(count, count, weight, delay,
        (source, target) => source == target);

    /// <summary>Each pair with a probability, independently; drawn source by source, target by target.</summary>
    /// <param name="self">Whether a neuron may reach its own index.</param>
    public static Synapses Random(int sources, int targets, double probability, double weight, double delay, SampleOrder chance,
        bool self = true)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new HarnessException($"A connection probability must be in [0, 1], not {probability}.");
        return Of(sources, targets, weight, delay, (source, target) => chance.Unit() < probability && (self || source != target));
    }

    static Synapses Of(int sources, int targets, double weight, double delay, Func<int, int, bool> joined)
    {
        var (from, to) = (new List<int>(), new List<int>());
        for (var source = 0; source < sources; source++)
        {
            for (var target = 0; target < targets; target++)
            {
                if (!joined(source, target)) continue;
                from.Add(source);
                to.Add(target);
            }
        }
        return new([.. from], [.. to], Same(weight, from.Count), Same(delay, from.Count));
    }

    static double[] Same(double value, int count)
    {
        var values = new double[count];
        Array.Fill(values, value);
        return values;
    }

    /// <exception cref="HarnessException">Lists of different lengths, a neuron that is not there, a number that cannot be.</exception>
    internal void Check(Population source, Population target)
    {
        var from = $"{source.Name} to {target.Name}";
        if (Targets.Length != Count || Weights.Length != Count || Delays.Length != Count)
            throw new HarnessException($"Synapses from {from} list {Count} sources, {Targets.Length} targets, {Weights.Length} weights and "
                + $"{Delays.Length} delays; give each synapse all four.");
        for (var synapse = 0; synapse < Count; synapse++)
        {
            if ((uint)Sources[synapse] >= (uint)source.Count || (uint)Targets[synapse] >= (uint)target.Count)
                throw new HarnessException($"Synapse {synapse} from {from} joins neuron {Sources[synapse]} of {source.Count} with neuron "
                    + $"{Targets[synapse]} of {target.Count}; neurons are counted from 0.");
            if (!double.IsFinite(Weights[synapse])) throw new HarnessException($"Synapse {synapse} from {from} weighs {Weights[synapse]}.");
            if (!(Delays[synapse] >= 0 && Delays[synapse] <= LongestDelay))
                throw new HarnessException(
                    $"Synapse {synapse} from {from} has a delay of {Delays[synapse]} s; delays are 0 to {LongestDelay} s.");
        }
    }

    const double LongestDelay = 10;
}
