using Harness.Torch;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Learning;

/// <summary>Teaches and asks a <see cref="VoxelNetwork"/>.</summary>
/// <param name="offsets">Where relations point to; they are learnt only for voxels of exactly one neuron.</param>
sealed class VoxelTask(VoxelNetwork network, IReadOnlyList<(int Z, int Y, int X)> offsets, int cropSize, SampleOrder chance)
{
    const int TaughtVoxels = 512;
    // Most of a patch is background, which the counts settle; what matters is which neuron a covered voxel belongs to.
    const float BackgroundWeight = 0.1f;
    const float OtherNeuronWeight = 3;

    // Most voxels are dark and easy; shared ones are rare and decide what is merged.
    static readonly float[] CountWeights = [0.3f, 1, 4];

    readonly VolumeShape _cube = new(cropSize, cropSize, cropSize);

    /// <summary>Cross entropy of counts plus binary cross entropy of relations.</summary>
    public Tensor Loss(IReadOnlyList<Crop> crops)
    {
        using var scope = NewDisposeScope();
        var features = network.Features(Stack(crops));
        var owners = crops.Select(crop => Enumerable.Range(0, (int)_cube.Voxels).Select(_cube.Position)
            .Select(at => crop.OwnersAt(at.Z, at.Y, at.X)).ToArray()).ToArray();
        var counts = owners.SelectMany(all => all).Select(bits => Math.Min(2L, (long)ulong.PopCount(bits))).ToArray();
        var loss = nn.functional.cross_entropy(network.CountLogits(features), tensor(counts), tensor(CountWeights));
        var taught = owners.SelectMany((all, crop) => Taught(all).Select(voxel => (Crop: crop, Voxel: voxel))).ToArray();
        if (taught.Length == 0) return loss.MoveToOuterDisposeScope();
        var rows = tensor(taught.Select(place => place.Crop * _cube.Voxels + place.Voxel).ToArray());
        var (targets, weights) = Targets(crops, taught);
        var relations = network.RelationLogits(features.index_select(0, rows));
        var wrong = nn.functional.binary_cross_entropy_with_logits(relations, targets, weights,
            reduction: nn.Reduction.Sum) / weights.sum();
        return (loss + wrong).MoveToOuterDisposeScope();
    }

    public Tensor Stack(IReadOnlyList<Crop> crops) => OwnTensor.Of(crops.SelectMany(crop => crop.Values).ToArray(),
        crops.Count, crops[0].Values.Length / _cube.Voxels, cropSize, cropSize, cropSize);

    IEnumerable<int> Taught(ulong[] owners)
    {
        var single = Enumerable.Range(0, owners.Length).Where(voxel => ulong.PopCount(owners[voxel]) == 1).ToArray();
        return single.Length <= TaughtVoxels ? single : chance.Permutation(single.Length).Take(TaughtVoxels).Select(index => single[index]);
    }

    (Tensor Targets, Tensor Weights) Targets(IReadOnlyList<Crop> crops, (int Crop, int Voxel)[] taught)
    {
        var (targets, weights) = (new float[taught.Length * offsets.Count], new float[taught.Length * offsets.Count]);
        for (var row = 0; row < taught.Length; row++)
        {
            var (crop, (z, y, x)) = (crops[taught[row].Crop], _cube.Position(taught[row].Voxel));
            var owner = crop.OwnersAt(z, y, x);
            for (var index = 0; index < offsets.Count; index++)
            {
                var (dz, dy, dx) = offsets[index];
                var there = crop.OwnersAt(z + dz, y + dy, x + dx);
                targets[row * offsets.Count + index] = (there & owner) != 0 ? 1 : 0;
                weights[row * offsets.Count + index] = there == 0 ? BackgroundWeight : (there & owner) == 0 ? OtherNeuronWeight : 1;
            }
        }
        return (tensor(targets, [taught.Length, offsets.Count]), tensor(weights, [taught.Length, offsets.Count]));
    }

    /// <summary>What the network says of an image: the mean over the image and its mirror image along x.</summary>
    /// <param name="foreground">Least probability of any neuron.</param>
    /// <param name="shared">Least probability of more than one.</param>
    public VoxelField Ask(Image image, double foreground, double shared)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var shape = image.Shape;
        var input = tensor(image.Values, [1, image.Channels, shape.Depth, shape.Height, shape.Width]);
        var features = network.Features(cat([input, input.flip(4)]));
        var counts = network.CountLogits(features).softmax(1).reshape(2, shape.Depth, shape.Height, shape.Width, -1);
        var mean = ((counts[0] + counts[1].flip(2)) / 2).reshape(-1, counts.shape[4]).data<float>().ToArray();
        int[] voxels = [.. Enumerable.Range(0, image.Voxels).Where(voxel => 1 - mean[3 * voxel] > foreground)];
        return new(shape, voxels, [.. voxels.Select(voxel => mean[3 * voxel + 2] > shared)], Relations(features, shape, voxels));
    }

    float[] Relations(Tensor features, VolumeShape shape, int[] voxels)
    {
        if (voxels.Length == 0) return [];
        int Mirrored(int voxel) => voxel - voxel % shape.Width + (shape.Width - 1 - voxel % shape.Width);
        long[] mirror = [.. offsets.Select(offset => (long)offsets.ToList().IndexOf((offset.Z, offset.Y, -offset.X)))];
        var straight = network.RelationLogits(features.index_select(0, tensor(voxels.Select(voxel => (long)voxel).ToArray()))).sigmoid();
        if (mirror.Contains(-1)) return straight.data<float>().ToArray();
        var mirrored = network.RelationLogits(features.index_select(0,
            tensor(voxels.Select(voxel => shape.Voxels + Mirrored(voxel)).ToArray())))
            .sigmoid().index_select(1, tensor(mirror));
        return ((straight + mirrored) / 2).data<float>().ToArray();
    }
}

/// <summary>What a network says of the voxels of an image that neurons cover.</summary>
/// <param name="Voxels">Ascending.</param>
/// <param name="Shared">Whether more than one neuron covers the voxel.</param>
/// <param name="Relations">Probabilities [voxel, offset].</param>
sealed record VoxelField(VolumeShape Shape, int[] Voxels, bool[] Shared, float[] Relations)
{
    /// <summary>For every voxel of the volume its place in <see cref="Voxels"/>, or -1.</summary>
    public int[] Places()
    {
        var places = new int[Shape.Voxels];
        Array.Fill(places, -1);
        for (var index = 0; index < Voxels.Length; index++) places[Voxels[index]] = index;
        return places;
    }

    public ReadOnlySpan<float> RelationsOf(int index) => Relations.AsSpan(index * (Relations.Length / Voxels.Length),
        Relations.Length / Voxels.Length);
}
