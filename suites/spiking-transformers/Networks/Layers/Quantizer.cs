using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>
/// Fake quantization (Jacob et al., CVPR 2018; Krishnamoorthi 2018): values become whole numbers times a step, and the gradient passes
/// where they lie in the range. The range of activations is a running maximum of training, so that an answer depends on its sample alone;
/// that of weights is their maximum.
/// </summary>
sealed class Quantizer : nn.Module<Tensor, Tensor>
{
    const double Momentum = 0.1;

    readonly int bits;
    readonly bool signed;
    readonly Tensor range;

    /// <param name="signed">Sign and magnitude; else values below 0 become 0.</param>
    public Quantizer(string name, int bits, bool signed) : base(name)
    {
        (this.bits, this.signed) = (bits, signed);
        register_buffer(nameof(range), range = zeros(1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        if (training) Observe(input);
        return Quantized(input, Range(input), bits, signed);
    }

    /// <summary>Weights, whose range is their own.</summary>
    public static Tensor Weights(Tensor weight, int bits)
    {
        using var scope = NewDisposeScope();
        return Quantized(weight, weight.detach().abs().max(), bits, signed: true).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Share of the bits of a value that are set, of sign and magnitude the magnitude's, over all <paramref name="input"/>.
    /// </summary>
    public double SetBits(Tensor input)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var code = (input / Step(Range(input), bits, signed)).round().abs().clamp(max: Levels(bits, signed));
        var set = 0.0;
        for (var bit = 0; bit < bits; bit++) set += (code / (1 << bit)).floor().remainder(2).sum(float64).item<double>();
        return set / ((double)input.numel() * bits);
    }

    // Before the first batch there is no range: that of the input stands in.
    Tensor Range(Tensor input) => range.item<float>() > 0 ? range : input.detach().abs().max().clamp(min: 1e-8);

    void Observe(Tensor input)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var seen = input.detach().abs().max();
        range.copy_(range.item<float>() > 0 ? range * (1 - Momentum) + seen * Momentum : seen);
    }

    static Tensor Quantized(Tensor input, Tensor range, int bits, bool signed)
    {
        using var scope = NewDisposeScope();
        var step = Step(range.clamp(min: 1e-8), bits, signed);
        var most = step * Levels(bits, signed);
        var bounded = input.minimum(most).maximum(signed ? -most : zeros_like(most));
        return (bounded + ((bounded / step).round() * step - bounded).detach()).MoveToOuterDisposeScope();
    }

    static Tensor Step(Tensor range, int bits, bool signed) => range / Levels(bits, signed);

    static int Levels(int bits, bool signed) => (1 << (signed ? bits - 1 : bits)) - 1;
}
