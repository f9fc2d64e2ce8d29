using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Families;

/// <summary>A network says which voxels belong together, near and farther away; a mutex watershed draws the consequences.</summary>
/// <param name="Features">Of the first level of the U-Net.</param>
/// <param name="Levels">How often the U-Net halves the size.</param>
/// <param name="Far">Distance in voxels along each axis over which voxels may repel each other.</param>
/// <param name="CropSize">Edge of the training cubes in voxels.</param>
/// <param name="Parts">The state is selected on the validation part after each of so many parts of the training.</param>
/// <param name="Smallest">Instances of at most so many voxels are noise.</param>
public sealed record AffinityMutexWatershed(
    [property: Range(1, 256)] int Features = 12,
    [property: Range(0, 5)] int Levels = 2,
    [property: Range(2, 16)] int Far = 4,
    [property: Range(1, 1_000_000)] int Iterations = 2000,
    [property: Range(1, 100)] int Parts = 4,
    [property: Range(1, 64)] int BatchSize = 2,
    [property: Range(8, 256)] int CropSize = 24,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 2e-3,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    public FamilyCard Card => new("affinity-mws", 1, "Affinities and mutex watershed")
    {
        Kind = "ann",
        Summary =
            "A 3-D U-Net predicts foreground and affinities; neighbours attract, voxels farther away repel, the strongest edge "
            + "decides first.",
        Paper = "Wolf et al.: The Mutex Watershed: Efficient, Parameter-Free Image Partitioning, ECCV 2018",
        Equations = "attract(v, v + o) = a, |o| = 1; repel(v, v + Far·o) = 1 - a; edges by falling weight",
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context) =>
        VoxelModel.Train(data, context, new(Features, Levels, Affinities.Offsets(Far), CropSize),
            new(Iterations, Parts, BatchSize, LearningRate), field => Affinities.Assemble(field, Far).Where(mask => mask.Count > Smallest));
}

/// <summary>Neighbours attract, voxels farther away repel.</summary>
static class Affinities
{
    static readonly (int Z, int Y, int X)[] Near = [.. Neighbours.All.Skip(Neighbours.All.Count / 2)];

    /// <summary>The neighbours of one side, then the same directions <paramref name="far"/> voxels away.</summary>
    public static (int Z, int Y, int X)[] Offsets(int far) =>
        [.. Near, .. Near.Select(offset => (offset.Z * far, offset.Y * far, offset.X * far))];

    public static IReadOnlyList<Mask> Assemble(VoxelField field, int far)
    {
        var clusters = MutexWatershed.Cluster(field.Voxels.Length, Edges(field, Offsets(far), Near.Length));
        var labels = new int[field.Shape.Voxels];
        for (var index = 0; index < field.Voxels.Length; index++) labels[field.Voxels[index]] = clusters[index] + 1;
        return Components.OfLabels(labels);
    }

    static IEnumerable<SignedEdge> Edges(VoxelField field, (int Z, int Y, int X)[] offsets, int near)
    {
        var places = field.Places();
        for (var index = 0; index < field.Voxels.Length; index++)
            for (var offset = 0; offset < offsets.Length; offset++)
                if (Neighbours.At(field.Shape, field.Voxels[index], offsets[offset]) is var other and >= 0 && places[other] >= 0)
                    yield return new(index, places[other],
                        offset < near ? field.RelationsOf(index)[offset] : field.RelationsOf(index)[offset] - 1);
    }
}
