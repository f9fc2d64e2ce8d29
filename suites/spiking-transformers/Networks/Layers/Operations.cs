using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>What layers report to the ledger.</summary>
static class Operations
{
    /// <summary>A linear layer over [steps, samples, tokens, inputs].</summary>
    public static void Linear(OperationLedger ledger, string layer, Tensor input, Tensor weight, double unit, bool bias,
        string? kernel = null)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var (counts, kind) = Counts(input, unit);
        var tokens = (int)input.shape[2];
        ledger.Weighted(layer, "linear", counts, kind, (double)input.numel() * weight.shape[0], weight.numel() * sizeof(float),
            (int)input.shape[0], new LayerShape((int)weight.shape[1], tokens, (int)weight.shape[0], tokens, Bias: bias),
            Connection.Linear(weight), kernel);
    }

    /// <summary>A convolution of [steps x samples, channels, rows, columns]; a tap outside of the image is counted as inside.</summary>
    /// <param name="spikes">As given to <see cref="ConvNorm.Of"/>, which chooses the kernel by it.</param>
    public static void Convolution(OperationLedger ledger, string layer, Tensor input, Tensor weight, ConvShape shape, Grid places,
        int steps, double unit, bool spikes = false)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var (counts, kind) = Counts(input, unit);
        var taps = shape.Taps;
        var dense = (double)input.shape[0] * places.Tokens * shape.Outputs * taps * (shape.Inputs / shape.Groups);
        ledger.Weighted(layer, "conv", counts, kind, dense, weight.numel() * sizeof(float), steps,
            new LayerShape(shape.Inputs, (int)(input.shape[2] * input.shape[3]), shape.Outputs, places.Tokens, taps, shape.Stride,
                shape.Groups, shape.Bias),
            Connection.Convolution(weight, shape.Strides, shape.Padding, shape.Groups),
            spikes && shape.WholeSame ? SpikeConvolution.Kernel : null);
    }

    /// <summary>A product of two activations, of which <paramref name="input"/> is the one whose spikes cause the work.</summary>
    public static void Product(OperationLedger ledger, string layer, Tensor input, double dense, double unit)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var (counts, kind) = Counts(input, unit);
        ledger.Weighted(layer, "attention", counts, kind, dense, 0, (int)input.shape[0]);
    }

    // Membranes and averages are real numbers: these cost multiplications.
    static (Tensor Counts, InputKind Kind) Counts(Tensor input, double unit)
    {
        var counts = unit == 1 ? input : (input / unit).round();
        var whole = (unit == 1 ? counts.round() : counts * unit).sub(input).abs().max().item<float>() < 1e-5;
        return whole && counts.min().item<float>() >= 0 ? (counts, InputKind.Spikes) : (input, InputKind.Analog);
    }
}
