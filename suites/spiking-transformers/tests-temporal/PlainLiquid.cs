using Harness.Torch;
using Suites.SpikingTransformers.Networks.Liquids;

namespace Suites.SpikingTransformers.Temporal.Tests;

/// <summary>The published equations, literally: every current is summed over every synapse in every step.</summary>
sealed class PlainLiquid(LiquidWiring wiring, LiquidRules rules)
{
    readonly int sources = wiring.Inputs + wiring.Neurons;
    readonly double[] weights = Array.ConvertAll(wiring.Signs, sign => sign * rules.Weight);
    readonly double[] traces = new double[wiring.Inputs + wiring.Neurons];
    readonly int[] last = [.. Enumerable.Repeat(-1, wiring.Inputs + wiring.Neurons)];
    readonly bool[] waits = new bool[wiring.Inputs];
    double potentiation = rules.Potentiation, coupling = rules.Rule == LiquidRule.Astrocyte ? rules.Coupling : 0, b = rules.Depression;
    int step;

    public double Depression { get; private set; } = rules.Depression;
    public double[] Potentials { get; } = new double[wiring.Neurons];
    public List<int> Fired { get; } = [];

    public void Step(double[] probabilities, SampleOrder chance, bool cool)
    {
        for (var input = 0; input < wiring.Inputs; input++) waits[input] |= chance.Unit() < probabilities[input];
        Fired.Clear();
        for (var source = 0; source < sources; source++)
        {
            var ready = last[source] < 0 || step - last[source] > 2;
            var neuron = source - wiring.Inputs;
            if (!ready || (neuron < 0 ? !waits[source] : Potentials[neuron] < 20)) continue;
            Fired.Add(source);
            last[source] = step;
            if (neuron < 0) waits[source] = false;
            else Potentials[neuron] = 0;
        }
        var arriving = new double[wiring.Neurons];
        for (var synapse = 0; synapse < weights.Length; synapse++)
            if (last[wiring.Sources[synapse]] is >= 0 and var spike)
                arriving[wiring.Targets[synapse]] += weights[synapse] * Math.Exp(spike - step);
        for (var neuron = 0; neuron < wiring.Neurons; neuron++) Potentials[neuron] += arriving[neuron] - Potentials[neuron] / 64;
        if (rules.Rule != LiquidRule.Fixed) Learn();
        for (var source = 0; source < sources; source++)
            traces[source] = Math.Exp(-0.1) * (traces[source] + (last[source] == step ? 0.1 : 0));
        var (inside, outside) = (Fired.Count(source => source >= wiring.Inputs), Fired.Count(source => source < wiring.Inputs));
        if (rules.Rule == LiquidRule.Astrocyte) Depression += (coupling * (inside - outside) + b - Depression) / 100;
        if (cool) (potentiation, Depression, coupling, b) = (0.99 * potentiation, 0.99 * Depression, 0.99 * coupling, 0.99 * b);
        step++;
    }

    void Learn()
    {
        for (var synapse = 0; synapse < weights.Length; synapse++)
        {
            var (source, target) = (wiring.Sources[synapse], wiring.Inputs + wiring.Targets[synapse]);
            var inhibits = source >= wiring.Inputs + wiring.Excitatory;
            var (least, most) = source < wiring.Inputs ? (-3.0, 3.0) : inhibits ? (-3.0, 0.0) : (0.0, 3.0);
            if (last[source] == step)
                weights[synapse] = Math.Clamp(weights[synapse] + (inhibits ? potentiation : -Depression) * traces[target], least, most);
            if (last[target] == step)
                weights[synapse] = Math.Clamp(weights[synapse] + (inhibits ? -Depression : potentiation) * traces[source], least, most);
        }
    }
}
