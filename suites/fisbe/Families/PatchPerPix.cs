using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Segmentation;

namespace Suites.Fisbe.Families;

/// <summary>
/// PatchPerPix, small: each voxel predicts the shape of its neuron around it, patches vote, and neurons are unions of patches that agree.
/// Smaller than the published one in features, iterations and augmentation; offsets to background count a tenth in its loss.
/// </summary>
/// <param name="Radius">Of a patch: its edge is 2·Radius + 1.</param>
/// <param name="Features">Of the first level of the U-Net.</param>
/// <param name="Levels">How often the U-Net halves the size.</param>
/// <param name="CropSize">Edge of the training cubes in voxels.</param>
/// <param name="Parts">The state is selected on the validation part after each of so many parts of the training.</param>
/// <param name="Smallest">Instances of at most so many voxels are noise.</param>
public sealed record PatchPerPix(
    [property: Range(1, 6)] int Radius = 3,
    [property: Range(1, 256)] int Features = 12,
    [property: Range(0, 5)] int Levels = 2,
    [property: Range(1, 1_000_000)] int Iterations = 2000,
    [property: Range(1, 100)] int Parts = 4,
    [property: Range(1, 64)] int BatchSize = 2,
    [property: Range(8, 256)] int CropSize = 24,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 2e-3,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    public FamilyCard Card => new("patchperpix", 1, "PatchPerPix (small)")
    {
        Kind = "ann",
        Summary =
            "A 3-D U-Net predicts how many neurons cover a voxel and, for single ones, a patch of its neuron; patches are "
            + "assembled by consensus.",
        Paper = "Hirsch, Mais, Kainmueller: PatchPerPix for Instance Segmentation, ECCV 2020",
        Link = "https://arxiv.org/abs/2001.07626",
        Equations = """
            vote(a, b) = mean over patches p holding both of
              +(p_a p_b - 1/4) / (3/4) where both > 1/2, -(p_a (1 - p_b) - 1/4) / (3/4) where only p_a is
            score(p) = mean over its pairs of agreeing votes; patches by score, each that covers a new centreline voxel; thinned out
            edge(p, q) = mean vote over pairs of their voxels; mutex watershed; neuron = union of patches > 1/2
            """,
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context) =>
        VoxelModel.Train(data, context, new(Features, Levels, [.. Neighbours.Box(Radius)], CropSize),
            new(Iterations, Parts, BatchSize, LearningRate),
            field => PatchAssembly.Assemble(field, Radius).Where(mask => mask.Count > Smallest));
}
