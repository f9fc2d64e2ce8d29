using System.CommandLine;
using System.Globalization;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Benchmarks.Spiking;

/// <summary>Batch norm of membranes while it trains, forward and backward: our passes beside libtorch's.</summary>
static class NormBenchmark
{
    public static Command Create()
    {
        var command = new Command("norms", "Batch norm of membranes, both ways, beside libtorch's, turn by turn, on two threads.");
        command.SetAction(_ => Run(Harness.Cli.Terminal.Standard.Data));
        return command;
    }

    static void Run(TextWriter output)
    {
        TorchSession.Begin(3, 2);
        foreach (var shape in new long[][]
        {
            [256, 8, 28, 28], [256, 32, 28, 28], [256, 64, 14, 14], [256, 96, 7, 7], [12544, 64], [12544, 256],
        })
            Line(output, shape);
    }

    static void Line(TextWriter output, long[] shape)
    {
        using var scope = NewDisposeScope();
        var (values, upstream) = (randn(shape) * 2 + 1, randn(shape));
        NormBase norm = shape.Length > 2 ? nn.BatchNorm2d(shape[1]) : nn.BatchNorm1d(shape[1]);
        Tensor[] Both(Func<Tensor, Tensor> layer)
        {
            // Ours takes its input's memory over: both get a copy, which is part of both times.
            var input = values.clone().requires_grad_(true);
            return [.. autograd.grad([layer(input)], [input, norm.weight, norm.bias!], [upstream])];
        }
        void Turn(Func<Tensor, Tensor> layer)
        {
            using var inner = NewDisposeScope();
            Both(layer);
        }
        var difference = (Both(norm.forward)[0] - Both(x => MembraneNorm.Of(x, norm))[0]).abs().max().item<float>();
        var run = Interleaved.Run(11, 0.05, ("libtorch", () => Turn(norm.forward)), ("passes", () => Turn(x => MembraneNorm.Of(x, norm))));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{string.Join(", ", shape)}]: gradient from libtorch's "
            + $"{difference:E1}; libtorch {1e3 * run.Seconds("libtorch"):F2} ms, passes {1e3 * run.Seconds("passes"):F2} ms, "
            + $"{run.Ratio("libtorch", "passes"):F1} x"));
    }
}
