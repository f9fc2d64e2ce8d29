using System.Runtime.InteropServices;
using System.Numerics;
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

    /// <summary>Synapses that spikes reached, and weights that were changed, since the start.</summary>
    public (long Events, long Changes) Work { get; private set; }

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
        Scale(traces, LiquidRules.TraceKept);
        var beyond = fired.Sum(source => source < wiring.Inputs ? -1 : 1);
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
        Scale(shares, LiquidRules.CurrentKept);
        Scale(currents, LiquidRules.CurrentKept);
        foreach (var source in fired)
        {
            var gained = 1 - shares[source];
            shares[source] = 1;
            var (start, end) = (wiring.Starts[source], wiring.Starts[source + 1]);
            for (var synapse = start; synapse < end; synapse++) currents[wiring.Targets[synapse]] += gained * weights[synapse];
            Work = (Work.Events + end - start, Work.Changes);
        }
    }

    void Learn()
    {
        foreach (var source in fired)
        {
            var (least, most) = Range(source);
            // What a presynaptic spike does goes by the trace of the target.
            var rate = Inhibits(source) ? potentiation : -depression;
            for (var synapse = wiring.Starts[source]; synapse < wiring.Starts[source + 1]; synapse++)
            {
                var target = wiring.Targets[synapse];
                Change(synapse, target, rate * traces[wiring.Inputs + target], least, most, shares[source]);
            }
        }
        foreach (var neuron in fired)
        {
            if (neuron < wiring.Inputs) continue;
            var target = neuron - wiring.Inputs;
            for (var at = wiring.IncomingStarts[target]; at < wiring.IncomingStarts[target + 1]; at++)
            {
                var synapse = wiring.Incoming[at];
                var source = wiring.Sources[synapse];
                var (least, most) = Range(source);
                Change(synapse, target, (Inhibits(source) ? -depression : potentiation) * traces[source], least, most, shares[source]);
            }
        }
    }

    void Change(int synapse, int target, double by, double least, double most, double share)
    {
        if (by == 0) return;
        var before = weights[synapse];
        var after = Math.Clamp(before + by, least, most);
        weights[synapse] = after;
        currents[target] += (after - before) * share;
        Work = (Work.Events, Work.Changes + 1);
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

    static void Scale(double[] values, double factor)
    {
        var lanes = MemoryMarshal.Cast<double, Vector<double>>(values.AsSpan());
        for (var lane = 0; lane < lanes.Length; lane++) lanes[lane] *= factor;
        for (var rest = lanes.Length * Vector<double>.Count; rest < values.Length; rest++) values[rest] *= factor;
    }
}
