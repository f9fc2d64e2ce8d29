using Harness.Spiking.Nir;
using Harness.Spiking.Neurons;
using Harness.Torch;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Nir;

public sealed class NirRunnerTests
{
    public NirRunnerTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void Every_kind_of_node_computes_what_numpy_computes()
    {
        var runner = new NirRunner(NirFile.Read(NirReference.File), 1e-3);
        for (var repeat = 0; repeat < 2; repeat++)
        {
            for (var step = 0; step < NirReference.Inputs.Length; step++)
            {
                var outputs = runner.Step(NirReference.Inputs[step]);
                foreach (var (name, values) in NirReference.Outputs[step])
                {
                    Assert.Equal(values.Length, outputs[name].Length);
                    for (var at = 0; at < values.Length; at++) Assert.Equal(values[at], outputs[name][at], 1e-9);
                }
            }
            runner.Reset();
        }
    }

    public static TheoryData<string> Neurons() => ["lif", "no decay", "reset potential", "integrate and fire", "cuba"];

    [Theory]
    [MemberData(nameof(Neurons))]
    public void A_neuron_that_is_written_fires_as_ours_does_and_is_read_as_it_was(string name)
    {
        const double step = 2e-3;
        var lif = name switch
        {
            "no decay" => new LifParameters(1.7f, 0.8f, DecayInput: false),
            "reset potential" => new LifParameters(3, 0.5f, ResetPotential: -0.25f),
            "integrate and fire" => LifParameters.IntegrateAndFire,
            "cuba" => new LifParameters(4, 0.5f, DecayInput: false),
            _ => new LifParameters(),
        };
        NirNeuron node = name == "cuba" ? NirConversion.Of(lif, 0.75f, step, 6) : NirConversion.Of(lif, step, 6);
        using var scope = NewDisposeScope();
        // Eighths where powers of two divide them: sums reach a threshold exactly, and above and at least part ways. Elsewhere the rounding
        // of float32 would.
        var input = name is "no decay" or "reset potential" ? randn(40, 6) + 0.5 : (randn(40, 6) * 8).round() / 8 + 0.5;
        var ours = name == "cuba" ? new CurrentLif(lif, 0.75f).forward(input) : Lif.Spikes(input, lif);
        var runner = new NirRunner(NirGraph.Chain([6], [("neurons", node)], [6]), step);
        var spikes = Enumerable.Range(0, 40).SelectMany(time => runner.Step([.. input[time].data<float>().Select(one => (double)one)]));
        Assert.Equal(ours.data<float>().Select(one => (double)one), spikes);
        Assert.InRange(ours.mean().item<float>(), 0.05f, 0.9f);

        var back = NirConversion.Lif(node, step);
        Assert.Equal(lif with { Tau = back.Tau, Threshold = back.Threshold, Fires = FireRule.Above }, back);
        Assert.Equal(lif.Tau, back.Tau, 1e-6f);
        Assert.Equal(MathF.BitDecrement(lif.Threshold), back.Threshold);
        if (node is NirCubaLif cuba) Assert.Equal(0.75f, NirConversion.CurrentKept(cuba, step));
        else Assert.IsNotType<NirCubaLif>(node);
    }

    [Fact]
    public void Exponential_steps_are_the_exact_solution()
    {
        static NirArray One(double value) => NirArray.Filled(NirType.Float64, value, 1);
        var runner = new NirRunner(NirGraph.Chain([1], [("li", new NirLeakyIntegrator(One(5e-3), One(2), One(0.5)))], [1]), 1e-3,
            NirDiscretisation.Exponential);
        var last = 0.0;
        for (var step = 0; step < 7; step++) last = runner.Step([1.0])[0];
        // From the leak of 0.5 towards 0.5 + 2.
        Assert.Equal(2.5 - 2 * Math.Exp(-7 / 5.0), last, 1e-12);
        // A decay of 0.9 in a step, as snnTorch has it, is tau = −h / ln 0.9.
        var node = new NirLif(One(-1e-3 / Math.Log(0.9)), One(10), One(0), One(1), One(0));
        Assert.Equal(10, NirConversion.Lif(node, 1e-3, NirDiscretisation.Exponential).Tau, 1e-4f);
    }

    [Fact]
    public void What_has_no_counterpart_is_an_error_that_says_why()
    {
        static NirArray Many(params double[] values) => new(NirType.Float64, values, values.Length);
        var lif = new NirLif(Many(2e-3), Many(1), Many(0), Many(1), Many(0));
        Error("no soft reset", () => NirConversion.Of(new LifParameters(Reset: ResetRule.Soft), 1e-3, 1));
        Error("r must be 1 or 2", () => NirConversion.Lif(lif with { R = Many(1.5) }, 1e-3));
        Error("v_leak (0) and v_reset (-1) differ", () => NirConversion.Lif(lif with { Reset = Many(-1) }, 1e-3));
        Error("shorter than the step", () => NirConversion.Lif(lif, 3e-3));
        Error("r must be 1 / step", () => NirConversion.Lif(new NirIntegrateAndFire(Many(1), Many(1), Many(0)), 1e-3));
        Error("are alike, but tau is 0.001 0.002", () => NirConversion.Lif(new NirLif(Many(1e-3, 2e-3), Many(1, 1), Many(0, 0),
            Many(1, 1), Many(0, 0)), 1e-3));
        Error("w_in must be 4", () => NirConversion.CurrentKept(NirConversion.Of(new(4), 0.75f, 1e-3, 1) with { InputWeight = Many(1) },
            1e-3));
        Error("kind Threshold is not", () => NirConversion.Lif(new NirThreshold(Many(1)), 1e-3));

        static void Error(string words, Func<object> act) =>
            Assert.Contains(words, Assert.Throws<UnsupportedException>(act).Message, StringComparison.Ordinal);
    }
}
