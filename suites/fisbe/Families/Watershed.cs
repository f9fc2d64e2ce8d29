using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Segmentation;

namespace Suites.Fisbe.Families;

/// <summary>Bright regions are divided where they are thin: right for cells, and a lesson for neurons.</summary>
/// <param name="Sigma">Standard deviation of the Gaussian before the threshold, in voxels.</param>
/// <param name="Apart">Least distance between two seeds of a component, in voxels.</param>
/// <param name="Smallest">Regions of at most so many voxels are noise.</param>
public sealed record Watershed(
    [property: Range(0.0, 10.0)] double Sigma = 1,
    [property: Range(1.0, 1000.0)] double Apart = 40,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    public FamilyCard Card => new("watershed", 1, "Seeded watershed")
    {
        Kind = "classical",
        Summary =
            "Foreground as for connected components; seeds are peaks of the distance to background; Meyer's flooding from the inside out.",
        Paper = "Meyer: Un algorithme optimal pour la ligne de partage des eaux, 1991",
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context)
    {
        var foreground = Foreground.Fit([.. data.Training.Select(Specimen.Of)], Sigma);
        return new ImageModel(1, image =>
        {
            var inside = foreground.Of(image);
            var depth = Array.ConvertAll(DistanceTransform.Squared(inside, image.Shape), squared => (float)squared);
            return Components.OfLabels(SeededWatershed.Label(depth, inside, image.Shape, Apart)).Where(region => region.Count > Smallest);
        }, image => [ImageModel.Smoothing(image, Sigma)]);
    }
}
