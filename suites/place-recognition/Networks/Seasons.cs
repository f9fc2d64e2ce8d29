using TorchSharp;
using static TorchSharp.torch;

namespace Suites.PlaceRecognition.Networks;

/// <summary>
/// Makes another season of images that are normalised by their surroundings: moved and scaled, each region with a contrast of its own,
/// which may turn, and a brightness of its own, and noise. Draws come from libtorch's generator.
/// </summary>
/// <param name="contrast">Deviation of the contrast of regions from 1.</param>
sealed class Seasons(double contrast)
{
    const double MostShift = 0.08, MostScale = 0.08, Brightness = 0.5, Noise = 0.3;
    const int Regions = 4;

    /// <summary>[samples, 1, rows, columns] to the same shape.</summary>
    public Tensor Of(Tensor images)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var moved = Moved(images);
        return (moved * (1 + contrast * Field(images)) + Brightness * Field(images) + Noise * randn_like(moved)).MoveToOuterDisposeScope();
    }

    static Tensor Field(Tensor images) => nn.functional.interpolate(randn(images.shape[0], 1, Regions, Regions),
        [images.shape[2], images.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);

    static Tensor Moved(Tensor images)
    {
        var count = images.shape[0];
        var (scale, still) = (1 + Uniform(count, MostScale), zeros(count));
        var rows = stack([scale, still, Uniform(count, 2 * MostShift), still, scale, Uniform(count, 2 * MostShift)], 1)
            .reshape(count, 2, 3);
        return nn.functional.grid_sample(images, nn.functional.affine_grid(rows, images.shape, align_corners: false),
            GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false);
    }

    static Tensor Uniform(long count, double most) => (2 * rand(count) - 1) * most;
}
