using System.CommandLine;
using System.Globalization;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Benchmarks.Spiking;

/// <summary>LIF over all time steps: our one pass beside libtorch's operations, one after the other (<see cref="LifGraph"/>).</summary>
static class LifBenchmark
{
    public static Command Create()
    {
        var command = new Command("lif", "LIF neurons: one pass beside libtorch's operations, turn by turn, on two threads.");
        command.SetAction(_ => Run(Harness.Cli.Terminal.Standard.Data));
        return command;
    }

    static void Run(TextWriter output)
    {
        TorchSession.Begin(3, 2);
        foreach (var steps in new[] { 4, 16 })
            foreach (var neurons in new long[] { 4 * 64 * 49, 32 * 64 * 49, 32 * 64 * 196 })
                foreach (var lif in new[] { new LifParameters(), new LifParameters { Reset = ResetRule.Soft } })
                    Line(output, steps, neurons, lif);
    }

    static void Line(TextWriter output, int steps, long neurons, LifParameters lif)
    {
        using var scope = NewDisposeScope();
        var input = rand(steps, neurons) * 2;
        var learning = input.clone().requires_grad_(true);
        var gradient = randn(steps, neurons);
        var forward = Interleaved.Run(11, 0.1, ("operations", () => Forward(LifGraph.Spikes)), ("pass", () => Forward(Lif.Spikes)));
        var both = Interleaved.Run(11, 0.1, ("operations", () => Both(LifGraph.Spikes)), ("pass", () => Both(Lif.Spikes)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps} steps x {neurons} neurons, {lif.Reset} reset: forward "
            + $"{1e3 * forward.Seconds("pass"):F2} ms, {forward.Ratio("operations", "pass"):F1} x operations; forward and backward "
            + $"{1e3 * both.Seconds("pass"):F2} ms, {both.Ratio("operations", "pass"):F1} x operations"));

        void Forward(Func<Tensor, LifParameters, Tensor> neuron)
        {
            using var inner = NewDisposeScope();
            using var mode = no_grad();
            neuron(input, lif);
        }

        void Both(Func<Tensor, LifParameters, Tensor> neuron)
        {
            using var inner = NewDisposeScope();
            // As a layer above hands it down, and to a layer below: a leaf of the graph would add it up or copy it. That is not LIF's work.
            autograd.grad([neuron(learning, lif)], [learning], [gradient]);
        }
    }
}
