using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>
/// 3-D U-Net (Çiçek et al., MICCAI 2016) of the same size: two convolutions a level, max pooling by 2, transposed convolutions back, skip
/// connections by concatenation. Any size is taken: what does not divide is padded with zeros and cut off again.
/// </summary>
sealed class UNet : nn.Module<Tensor, Tensor>
{
    readonly nn.Module<Tensor, Tensor>[] down, up, widen;

    /// <param name="features">Of the first level and of the output.</param>
    /// <param name="levels">How often the size is halved; features double each time.</param>
    /// <param name="units">What a level is made of.</param>
    public UNet(int inputs, int features, int levels, IVoxelUnits units) : base("unet")
    {
        int Width(int level) => features << level;
        down = [.. Enumerable.Range(0, levels + 1).SelectMany(level => new[]
        {
            level == 0 ? units.First("down0a", inputs, features) : units.Convolution($"down{level}a", Width(level - 1), Width(level)),
            units.Convolution($"down{level}b", Width(level), Width(level)),
        })];
        widen = [.. Enumerable.Range(0, levels).Select(level => units.Widening($"widen{level}", Width(level + 1), Width(level)))];
        up = [.. Enumerable.Range(0, levels).SelectMany(level => new[]
        {
            units.Convolution($"up{level}a", 2 * Width(level), Width(level)), units.Convolution($"up{level}b", Width(level), Width(level)),
        })];
        foreach (var (index, module) in ((nn.Module[])[.. down, .. widen, .. up]).Index()) register_module($"part{index}", module);
    }

    /// <summary>[samples, inputs, z, y, x] to [samples, features, z, y, x]; spiking units give [steps·samples, …].</summary>
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
            features = cat([skips[level], widen[level].forward(features)], 1);
            features = up[2 * level + 1].forward(up[2 * level].forward(features));
        }
        return features[.., .., ..(int)z, ..(int)y, ..(int)x].MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var module in (nn.Module[])[.. down, .. widen, .. up]) module.Dispose();
        base.Dispose(disposing);
    }
}
