using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Harness.Torch;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Segmentation;

namespace Suites.Fisbe.Families;

/// <summary>
/// Neurons by colour, after Duan et al. ("brainbow" in FISBe): a reconstruction from their description and the names of their outputs
/// (gmm_label), not their program.
/// </summary>
/// <param name="Sigma">Standard deviation of the Gaussian that stands for their denoising, in voxels.</param>
/// <param name="MostColours">Largest number of colours that is tried.</param>
/// <param name="Smallest">Regions of at most so many voxels are noise.</param>
public sealed record ColourClustering(
    [property: Range(0.0, 10.0)] double Sigma = 1,
    [property: Range(1, 32)] int MostColours = 8,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    const int FittedVoxels = 4000;

    public FamilyCard Card => new("colour-clustering", 1, "Colour clustering (after Duan et al., reconstructed)")
    {
        Kind = "classical",
        Summary =
            "Foreground as for connected components; a Gaussian mixture over chromaticity, its size by BIC; components of one colour.",
        Paper = "Duan et al.: Unsupervised Neural Tracing in Densely Labeled Multispectral Brainbow Images, bioRxiv 2020.06.07.138941",
        Link = "https://doi.org/10.1101/2020.06.07.138941",
        Equations = "chromaticity = (c_1, c_2) / (c_1 + c_2 + c_3), c = smoothed intensity above the median of its channel",
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context)
    {
        var foreground = Foreground.Fit([.. data.Training.Select(Specimen.Of)], Sigma);
        return new ImageModel(1, image => Segment(image, foreground, context.Seed), image => [ImageModel.Smoothing(image, Sigma)]);
    }

    IEnumerable<Volumes.Mask> Segment(Image image, Foreground foreground, int seed)
    {
        var smooth = image.Smooth(Sigma);
        var inside = foreground.Of(image);
        int[] voxels = [.. Enumerable.Range(0, image.Voxels).Where(voxel => inside[voxel])];
        if (voxels.Length == 0) return [];
        var chromaticity = new Chromaticity(smooth);
        var chance = new SampleOrder(seed);
        var fitted = Enumerable.Range(0, FittedVoxels).Select(_ => chromaticity.Of(voxels[chance.Below(voxels.Length)])).ToArray();
        var mixture = GaussianMixture.Fit(fitted, MostColours, chance);
        var colours = new int[image.Voxels];
        foreach (var voxel in voxels)
        {
            var (x, y) = chromaticity.Of(voxel);
            colours[voxel] = mixture.Of(x, y);
        }
        return Components.Of(image.Shape, voxel => inside[voxel], (one, other) => colours[one] == colours[other])
            .Where(region => region.Count > Smallest);
    }
}
