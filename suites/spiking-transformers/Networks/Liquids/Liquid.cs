using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>
/// A liquid of leaky neurons under Poisson input, in steps of 1 ms, in this order: who is at the threshold and not refractory fires and is
/// reset; currents; leak and integration; weights change; traces; astrocyte. The current of a synapse is its weight times exp(-age of its
/// source's last spike), without superposition. Currents are kept up to date by what changes them, spikes and weights, and not summed anew.
/// </summary>
sealed class Liquid
{
    readonly LiquidWiring wiring;
    readonly LiquidRules rules;
    readonly double[] initial;
    readonly double[] weights;
    readonly double[] potentials, currents;
    readonly double[] shares, traces;
    readonly bool[] pending;
    readonly int[] rested;
    readonly List<int> fired = [];
    double potentiation, depression, coupling, resting;
    long events, changes;
    int step;

    public Liquid(LiquidWiring wiring, LiquidRules rules)
        : this(wiring, rules, Array.ConvertAll(wiring.Signs, sign => sign * rules.Weight)) => Begin();

    Liquid(LiquidWiring wiring, LiquidRules rules, double[] initial)
    {
        (this.wiring, this.rules, this.initial) = (wiring, rules, initial);
        var sources = wiring.Inputs + wiring.Neurons;
        weights = [.. initial];
        (potentials, currents) = (new double[wiring.Neurons], new double[wiring.Neurons]);
        (shares, traces) = (new double[sources], new double[sources]);
        (pending, rested) = (new bool[wiring.Inputs], new int[sources]);
    }

    /// <summary>Strength of depression, A.</summary>
    public double Depression => depression;

    /// <summary>Sources that fired in the last step: inputs first.</summary>
    public IReadOnlyList<int> Fired => fired;

    /// <summary>Synapses that spikes reached, and plastic synapses that a spike on either side may have changed, since the start.</summary>
    public (long Events, long Changes) Work => (events, changes);

    public ReadOnlySpan<double> Potentials => potentials;
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>At rest, with the weights of the start; rates of change are those of the rules.</summary>
    public void Begin()
    {
        foreach (var state in new[] { potentials, currents, shares, traces }) Array.Clear(state);
        Array.Clear(pending);
        Array.Clear(rested);
        initial.CopyTo(weights, 0);
        (potentiation, depression, step) = (rules.Potentiation, rules.Depression, 0);
        (coupling, resting) = (rules.Rule == LiquidRule.Astrocyte ? rules.Coupling : 0, rules.Depression);
    }

    /// <summary>Another liquid that begins with the weights of this one as they are now.</summary>
    public Liquid Settled()
    {
        var settled = new Liquid(wiring, rules, [.. weights]);
        settled.Begin();
        return settled;
    }

    /// <summary>Shows input of so many steps; <paramref name="probabilities"/> [input] are of a spike in a step.</summary>
    /// <param name="cool">Whether rates of change die away, as when a sample is to be told from others.</param>
    /// <param name="seen">Is called after each step.</param>
    public void Show(ReadOnlySpan<double> probabilities, int steps, bool cool, SampleOrder chance, Action<Liquid>? seen = null)
    {
        for (var end = step + steps; step < end; step++)
        {
            for (var input = 0; input < probabilities.Length; input++)
                if (probabilities[input] > 0 && chance.Unit() < probabilities[input]) pending[input] = true;
            Step();
            if (cool) Cool();
            seen?.Invoke(this);
        }
    }

    void Step()
    {
        Fire();
        Send();
        for (var neuron = 0; neuron < potentials.Length; neuron++)
            potentials[neuron] += currents[neuron] - potentials[neuron] / LiquidRules.MembraneSteps;
        if (rules.Plastic) Learn();
        foreach (var source in fired) traces[source] += LiquidRules.TraceGain;
        Vectors.Scale(traces.AsSpan(), LiquidRules.TraceKept);
        var beyond = 0;
        foreach (var source in fired) beyond += source < wiring.Inputs ? -1 : 1;
        if (rules.Rule == LiquidRule.Astrocyte)
            depression += (coupling * beyond + resting - depression) / LiquidRules.AstrocyteSteps;
    }

    void Fire()
    {
        fired.Clear();
        for (var input = 0; input < pending.Length; input++)
        {
            if (!pending[input] || step < rested[input]) continue;
            pending[input] = false;
            Add(input);
        }
        for (var neuron = 0; neuron < potentials.Length; neuron++)
        {
            if (potentials[neuron] < LiquidRules.Threshold || step < rested[wiring.Inputs + neuron]) continue;
            potentials[neuron] = 0;
            Add(wiring.Inputs + neuron);
        }

        void Add(int source)
        {
            rested[source] = step + 1 + LiquidRules.RefractorySteps;
            fired.Add(source);
        }
    }

    void Send()
    {
        Vectors.Scale(shares.AsSpan(), LiquidRules.CurrentKept);
        Vectors.Scale(currents.AsSpan(), LiquidRules.CurrentKept);
        foreach (var source in fired)
        {
            var gained = 1 - shares[source];
            shares[source] = 1;
            var (first, count) = (wiring.Starts[source], wiring.Starts[source + 1] - wiring.Starts[source]);
            var targets = wiring.Targets.AsSpan(first, count);
            var outgoing = weights.AsSpan(first, count);
            var to = currents.AsSpan();
            for (var at = 0; at < targets.Length; at++) to[targets[at]] += gained * outgoing[at];
            events += count;
        }
    }

    void Learn()
    {
        foreach (var source in fired) Depart(source);
        foreach (var source in fired)
            if (source >= wiring.Inputs) Meet(source - wiring.Inputs);
    }

    // What a presynaptic spike does goes by the traces of its targets. Its share of the current is 1 in this step.
    void Depart(int source)
    {
        var (least, most) = Range(source);
        var rate = Inhibits(source) ? potentiation : -depression;
        var (first, count) = (wiring.Starts[source], wiring.Starts[source + 1] - wiring.Starts[source]);
        var targets = wiring.Targets.AsSpan(first, count);
        var outgoing = weights.AsSpan(first, count);
        var to = currents.AsSpan();
        var reached = traces.AsSpan(wiring.Inputs);
        for (var at = 0; at < targets.Length; at++)
        {
            var (target, before) = (targets[at], outgoing[at]);
            var after = Math.Min(most, Math.Max(least, before + rate * reached[target]));
            outgoing[at] = after;
            to[target] += after - before;
        }
        changes += count;
    }

    // What a postsynaptic spike does goes by the traces of those it heard of.
    void Meet(int target)
    {
        var (first, count) = (wiring.IncomingStarts[target], wiring.IncomingStarts[target + 1] - wiring.IncomingStarts[target]);
        var incoming = wiring.Incoming.AsSpan(first, count);
        var sources = wiring.IncomingSources.AsSpan(first, count);
        var moved = 0.0;
        for (var at = 0; at < incoming.Length; at++)
        {
            var (synapse, source) = (incoming[at], sources[at]);
            var (least, most) = Range(source);
            var (before, rate) = (weights[synapse], Inhibits(source) ? -depression : potentiation);
            var after = Math.Min(most, Math.Max(least, before + rate * traces[source]));
            weights[synapse] = after;
            moved += (after - before) * shares[source];
        }
        currents[target] += moved;
        changes += count;
    }

    bool Inhibits(int source) => source >= wiring.Inputs + wiring.Excitatory;

    (double Least, double Most) Range(int source) => (source < wiring.Inputs, Inhibits(source)) switch
    {
        (true, _) => (-rules.Weight, rules.Weight),
        (_, true) => (-rules.Weight, 0),
        _ => (0, rules.Weight),
    };

    void Cool()
    {
        potentiation *= LiquidRules.Cooling;
        depression *= LiquidRules.Cooling;
        coupling *= LiquidRules.Cooling;
        resting *= LiquidRules.Cooling;
    }
}
