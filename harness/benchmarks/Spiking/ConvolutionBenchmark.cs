using System.CommandLine;
using System.Globalization;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Benchmarks.Spiking;

/// <summary>3x3 convolutions of spikes: libtorch and by events, turn by turn, over sizes and densities.</summary>
static class ConvolutionBenchmark
{
    const int Samples = 256;

    public static Command Create()
    {
        var command = new Command("convolutions", "3x3 convolutions of spikes: libtorch and by events, turn by turn, on two threads.");
        command.SetAction(_ => Run(Harness.Cli.Terminal.Standard.Data));
        return command;
    }

    static void Run(TextWriter output)
    {
        TorchSession.Begin(3, 2);
        foreach (var (inputs, outputs, side) in new[] { (4, 8, 28), (8, 16, 28), (32, 32, 28), (16, 32, 14), (32, 32, 7), (64, 64, 7) })
            foreach (var density in new[] { 0, 0.05, 0.1, 0.2, 0.3, 0.5, 1 })
                Line(output, inputs, outputs, side, density);
    }

    static void Line(TextWriter output, int inputs, int outputs, int side, double density)
    {
        using var scope = NewDisposeScope();
        var input = rand(Samples, inputs, side, side).lt(density).to(float32).requires_grad_(true);
        var weight = randn(outputs, inputs, 3, 3).requires_grad_(true);
        var gradient = randn(Samples, outputs, side, side);
        var difference = (Dense(input, weight) - SpikeConvolution.Of(input, weight)).abs().max().item<float>();
        var run = Interleaved.Run(7, 0.02, ("dense", () => Infer(Dense)), ("events", () => Infer(SpikeConvolution.Of)),
            ("dense training", () => Train(Dense)), ("events training", () => Train(SpikeConvolution.Of)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inputs} to {outputs} maps of {side}x{side}, {Samples} samples, "
            + $"density {density:F2}: from libtorch {difference:E1}; libtorch {1e3 * run.Seconds("dense"):F2} ms, with gradients "
            + $"{1e3 * run.Seconds("dense training"):F2} ms; events {run.Ratio("dense", "events"):F2} x, with gradients "
            + $"{run.Ratio("dense training", "events training"):F2} x"));

        void Infer(Func<Tensor, Tensor, Tensor> convolve)
        {
            using var mode = no_grad();
            convolve(input, weight).Dispose();
        }

        void Train(Func<Tensor, Tensor, Tensor> convolve)
        {
            using var step = NewDisposeScope();
            autograd.grad([convolve(input, weight)], [input, weight], [gradient]);
        }
    }

    static Tensor Dense(Tensor input, Tensor weight) => Convolution.SameSize(input, weight);
}
