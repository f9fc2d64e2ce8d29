using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>
/// Random changes that leave a point what it is: images are turned, scaled, moved; other points are moved by Gaussian noise. Draws come
/// from libtorch's generator.
/// </summary>
/// <param name="noise">Standard deviation for points that are no images; the range of all coordinates is 1.</param>
sealed class Views(EncoderForm form, double noise)
{
    const double MostDegrees = 15, MostScale = 0.2, MostShift = 0.15;

    /// <summary>Another view of each point [samples, dimensions].</summary>
    public Tensor Of(Tensor points)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        return (form == EncoderForm.Convolution ? Turned(points) : points + noise * randn_like(points)).MoveToOuterDisposeScope();
    }

    static Tensor Turned(Tensor points)
    {
        var (count, side) = (points.shape[0], (long)Math.Round(Math.Sqrt(points.shape[1])));
        var angle = Uniform(count, MostDegrees / 180 * Math.PI);
        var scale = 1 + Uniform(count, MostScale);
        var rows = stack([scale * angle.cos(), -scale * angle.sin(), Uniform(count, 2 * MostShift),
            scale * angle.sin(), scale * angle.cos(), Uniform(count, 2 * MostShift)], 1).reshape(count, 2, 3);
        var grid = nn.functional.affine_grid(rows, [count, 1, side, side], align_corners: false);
        return nn.functional.grid_sample(points.reshape(count, 1, side, side), grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros,
            align_corners: false).flatten(1);
    }

    static Tensor Uniform(long count, double most) => (2 * rand(count) - 1) * most;
}
