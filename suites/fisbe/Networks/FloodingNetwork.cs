using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>
/// The network of a flood-filling network (Januszewski et al., Nature Methods 2018): image and current object map in, a change of the
/// object map's logits out; convolutions with residual connections, all of one size.
/// </summary>
sealed class FloodingNetwork : nn.Module<Tensor, Tensor>
{
    readonly Convolution first, second;
    readonly Convolution[] inner;
    readonly TorchSharp.Modules.Conv3d[] outer;
    readonly TorchSharp.Modules.Conv3d last;
    readonly OperationLedger ledger;

    /// <param name="inputs">Channels of the image and one of the object map.</param>
    /// <param name="modules">Residual modules of two convolutions each.</param>
    public FloodingNetwork(int inputs, int features, int modules, OperationLedger ledger) : base("flooding")
    {
        this.ledger = ledger;
        first = new("in_a", inputs, features, ledger);
        second = new("in_b", features, features, ledger);
        inner = [.. Enumerable.Range(0, modules).Select(module => new Convolution($"module{module}a", features, features, ledger))];
        outer = [.. Enumerable.Range(0, modules).Select(_ => nn.Conv3d(features, features, kernel_size: 3, padding: 1))];
        last = nn.Conv3d(features, 1, kernel_size: 1);
        foreach (var (index, module) in ((nn.Module[])[first, second, .. inner, .. outer, last]).Index()) register_module($"part{index}",
            module);
        // A change of nothing is the best first guess.
        nn.init.zeros_(last.weight);
        nn.init.zeros_(last.bias);
    }

    /// <summary>[samples, inputs, z, y, x] to logit changes [samples, 1, z, y, x].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = second.forward(first.forward(input));
        for (var module = 0; module < inner.Length; module++)
            features = features + Weighted(outer[module], $"module{module}b", inner[module].forward(features), 27);
        return Weighted(last, "out", features.relu(), 1).MoveToOuterDisposeScope();
    }

    Tensor Weighted(TorchSharp.Modules.Conv3d convolution, string layer, Tensor input, int taps)
    {
        ledger.Weighted(layer, "conv", input, InputKind.Analog, (double)input.numel() * taps * convolution.weight.shape[0],
            convolution.weight.numel() * sizeof(float), 1, Shapes.Convolution(input, convolution, steps: 1));
        return Harness.Torch.Convolution.SameSize(input, convolution.weight, convolution.bias);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var module in (nn.Module[])[first, second, .. inner, .. outer, last]) module.Dispose();
        base.Dispose(disposing);
    }
}
