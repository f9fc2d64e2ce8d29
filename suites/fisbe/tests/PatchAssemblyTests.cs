using Suites.Fisbe.Learning;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

public sealed class PatchAssemblyTests
{
    static readonly VolumeShape Shape = new(16, 24, 40);

    [Fact]
    public void Perfect_patches_give_back_neurons_that_cross()
    {
        Mask[] neurons = [Tube((8, 12, 2), (0, 0, 1), 36), Tube((8, 2, 20), (0, 1, 0), 20), Tube((2, 5, 4), (0, 0, 1), 30)];
        var assembled = PatchAssembly.Assemble(Oracle(neurons, 3), 3);
        var scores = VolumeScorer.Score(new(InstanceSet.Of(Shape, neurons), InstanceSet.Of(Shape, assembled), []),
            ScoringRules.FlyLight, threads: 1, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((3, 0, 0), (assembled.Count, scores.FalseMerges, scores.FalseSplits));
        Assert.True(scores.S > 0.95, $"S is {scores.S}");
    }

    static Mask Tube((int Z, int Y, int X) start, (int Z, int Y, int X) step, int length)
    {
        var volume = new bool[Shape.Voxels];
        for (var at = 0; at < length; at++)
            foreach (var (z, y, x) in Neighbours.Box(1))
                volume[Shape.Number(start.Z + at * step.Z + z, start.Y + at * step.Y + y, start.X + at * step.X + x)] = true;
        return Drawing.MaskOf(volume);
    }

    static VoxelField Oracle(Mask[] neurons, int radius)
    {
        var specimen = new Specimen(new(Shape, 1, new float[Shape.Voxels]), neurons);
        var owners = specimen.Owners;
        return new(Shape, specimen.Covered, [.. specimen.Covered.Select(voxel => ulong.PopCount(owners[voxel]) > 1)],
            [.. specimen.Covered.SelectMany(voxel => Neighbours.Box(radius).Select(offset =>
                Neighbours.At(Shape, voxel, offset) is var other and >= 0 && (owners[other] & owners[voxel]) != 0 ? 0.95f : 0.05f))]);
    }
}
