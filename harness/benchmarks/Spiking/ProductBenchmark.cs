using System.CommandLine;
using System.Globalization;
using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Benchmarks.Spiking;

/// <summary>Spikes times weights: libtorch, our dense product and our events, turn by turn, over sizes and densities.</summary>
static unsafe class ProductBenchmark
{
    public static Command Create()
    {
        var command = new Command("products", "Spikes times weights: libtorch, dense and by events, turn by turn, on two threads.");
        command.SetAction(_ => Run(Harness.Cli.Terminal.Standard.Data));
        return command;
    }

    static void Run(TextWriter output)
    {
        TorchSession.Begin(3, 2);
        foreach (var (rows, depth, columns) in new[] { (6272, 256, 256), (2048, 768, 768), (64, 1024, 1024),
            (12544, 64, 256), (12544, 256, 64), (12544, 64, 192), (12544, 64, 64) })
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rows}x{depth}x{columns}: events up to a density of {ProductPaths.Crossover(rows, depth, columns):F2}"));
            foreach (var density in new[] { 0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1 })
                Line(output, rows, depth, columns, density);
        }
    }

    static void Line(TextWriter output, int rows, int depth, int columns, double density)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var spikes = rand(rows, depth).lt(density).to(float32);
        // As a linear layer has them: events need them turned, which is part of their time.
        var weights = randn(columns, depth);
        var turned = empty(depth, columns);
        var result = empty(rows, columns);
        var bits = new ulong[(long)rows * SpikeBits.Words(depth)];
        float* s = TensorMemory.Floats(spikes), w = TensorMemory.Floats(weights), t = TensorMemory.Floats(turned);
        var y = TensorMemory.Floats(result);
        fixed (ulong* fixedBits = bits)
        {
            var b = (nint)fixedBits;
            void Dense() => DenseProduct.Multiply(MatrixView.OfRows(s, depth), MatrixView.OfRows(w, depth).Transposed, null, y,
                rows, depth, columns);
            void Pack() => SpikeBits.Pack(s, (ulong*)b, rows, depth);
            void Event()
            {
                Transposition.Of(w, t, columns, depth);
                EventProduct.Multiply((ulong*)b, default, t, null, y, rows, depth, columns);
            }
            Dense();
            var dense = result.clone();
            Pack(); Event();
            var same = dense.equal(result).all().item<bool>();
            var diff = (spikes.matmul(weights.t()) - result).abs().max().item<float>();
            void Packed()
            {
                Pack();
                Event();
            }
            void Automatic()
            {
                if (ProductPaths.Choose(s, rows, depth, columns) == ProductPath.Event) Packed();
                else Dense();
            }
            var run = Interleaved.Run(9, 0.02, ("torch", () => nn.functional.linear(spikes, weights).Dispose()), ("dense", Dense),
                ("event", Event), ("pack", Pack), ("packed", Packed), ("automatic", Automatic));
            var flops = 2e-9 * rows * depth * columns;
            var better = run.Seconds("dense") < run.Seconds("packed") ? "dense" : "packed";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows}x{depth}x{columns} density {density:F2}: same {same}, "
                + $"from torch {diff:E1}; torch {flops / run.Seconds("torch"):F0} GFlop/s, dense {flops / run.Seconds("dense"):F0}, "
                + $"events {1e6 * run.Seconds("event"):F0} us, packing {1e6 * run.Seconds("pack"):F0} us; "
                + $"dense {run.Ratio("torch", "dense"):F2} x torch, events with packing {run.Ratio("torch", "packed"):F2} x torch, "
                + $"{run.Ratio("dense", "packed"):F2} x dense; automatic {run.Ratio(better, "automatic"):F2} x the better"));
        }
    }
}
