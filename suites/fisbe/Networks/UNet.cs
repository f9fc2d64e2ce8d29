using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>
/// 3-D U-Net (Çiçek et al., MICCAI 2016) of the same size: two convolutions a level, max pooling by 2, transposed convolutions back, skip
/// connections by concatenation. Any size is taken: what does not divide is padded with zeros and cut off again.
/// </summary>
sealed class UNet : nn.Module<Tensor, Tensor>
{
    readonly OperationLedger ledger;
    readonly Convolution[] down, up;
    readonly TorchSharp.Modules.ConvTranspose3d[] widen;

    /// <param name="features">Of the first level and of the output.</param>
    /// <param name="levels">How often the size is halved; features double each time.</param>
    public UNet(int inputs, int features, int levels, OperationLedger ledger) : base("unet")
    {
        this.ledger = ledger;
        int Width(int level) => features << level;
        down = [.. Enumerable.Range(0, levels + 1).SelectMany(level => new Convolution[]
        {
            new($"down{level}a", level == 0 ? inputs : Width(level - 1), Width(level), ledger),
                new($"down{level}b", Width(level), Width(level), ledger),
        })];
        widen = [.. Enumerable.Range(0, levels).Select(level => nn.ConvTranspose3d(Width(level + 1), Width(level), 2, stride: 2))];
        up = [.. Enumerable.Range(0, levels).SelectMany(level => new Convolution[]
        {
            new($"up{level}a", 2 * Width(level), Width(level), ledger), new($"up{level}b", Width(level), Width(level), ledger),
        })];
        foreach (var (index, module) in ((nn.Module[])[.. down, .. widen, .. up]).Index()) register_module($"part{index}", module);
    }

    /// <summary>[samples, inputs, z, y, x] to [samples, features, z, y, x].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var levels = widen.Length;
        var (z, y, x) = (input.shape[2], input.shape[3], input.shape[4]);
        long Missing(long length) => -length & ((1 << levels) - 1);
        var features = nn.functional.pad(input, [0, Missing(x), 0, Missing(y), 0, Missing(z)]);
        var skips = new List<Tensor>();
        for (var level = 0; level <= levels; level++)
        {
            if (level > 0) features = nn.functional.max_pool3d(features, [2, 2, 2]);
            features = down[2 * level + 1].forward(down[2 * level].forward(features));
            skips.Add(features);
        }
        for (var level = levels - 1; level >= 0; level--)
        {
            features = cat([skips[level], Widen(level, features)], 1);
            features = up[2 * level + 1].forward(up[2 * level].forward(features));
        }
        return features[.., .., ..(int)z, ..(int)y, ..(int)x].MoveToOuterDisposeScope();
    }

    Tensor Widen(int level, Tensor features)
    {
        ledger.Weighted($"widen{level}", "conv", features, InputKind.Analog, (double)features.numel() * 8 * widen[level].weight!.shape[1],
            widen[level].weight!.numel() * sizeof(float), 1);
        return widen[level].forward(features);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var module in (nn.Module[])[.. down, .. widen, .. up]) module.Dispose();
        base.Dispose(disposing);
    }
}
