using Harness.Torch;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Learning;

/// <summary>Where a flood-filling network looks and how it moves, as published, in one record.</summary>
/// <param name="View">Edge of the cube the network sees at once; odd.</param>
/// <param name="Step">How far the view moves.</param>
sealed record FloodingRules(int View, int Step)
{
    /// <summary>The object map begins as the seed, surely inside, in surroundings that are probably not.</summary>
    public const double SeedProbability = 0.95, OtherProbability = 0.05;
    /// <summary>The view moves to where the map is surer than this.</summary>
    public const double MoveProbability = 0.9;
    /// <summary>What the map holds above this is the object.</summary>
    public const double ObjectProbability = 0.6;

    public static double Logit(double probability) => Math.Log(probability / (1 - probability));
}

/// <summary>
/// Teaches a <see cref="FloodingNetwork"/>: a crop around a voxel of one neuron, the view in its middle first and then beside it, wherever
/// the
/// network has become sure of the neuron; each view is a part of the loss and is told to the next.
/// </summary>
sealed class FloodingTask(FloodingNetwork network, FloodingRules rules)
{
    static readonly (int Z, int Y, int X)[] Directions = [(0, 0, 1), (0, 0, -1), (0, 1, 0), (0, -1, 0), (1, 0, 0), (-1, 0, 0)];

    /// <summary>Edge of the crops that <see cref="Loss"/> takes.</summary>
    public int CropSize => rules.View + 2 * rules.Step;

    /// <summary>Mean binary cross entropy over all views; a crop whose middle no neuron covers teaches that nothing is there.</summary>
    public Tensor Loss(IReadOnlyList<Crop> crops)
    {
        using var scope = NewDisposeScope();
        var size = CropSize;
        var channels = crops[0].Values.Length / (size * size * size);
        var images = tensor(crops.SelectMany(crop => crop.Values).ToArray(), [crops.Count, channels, size, size, size]);
        var targets = tensor(crops.SelectMany(Target).ToArray(), [crops.Count, 1, size, size, size]);
        var map = full([crops.Count, 1, size, size, size], FloodingRules.Logit(FloodingRules.OtherProbability));
        map[.., .., size / 2, size / 2, size / 2] = tensor((float)FloodingRules.Logit(FloodingRules.SeedProbability));
        var losses = new List<Tensor>();
        foreach (var at in ((int Z, int Y, int X)[])[(0, 0, 0), .. Directions])
        {
            // All crops of a batch look the same way; those that may not are told nothing by the view.
            var allowed = at == (0, 0, 0) ? ones(crops.Count) : Sure(map, at);
            if (allowed.sum().item<float>() == 0) continue;
            var (part, seen) = (View(map, at), network.forward(cat([View(images, at), View(map, at)], 1)));
            var updated = part + seen;
            var wrong = nn.functional.binary_cross_entropy_with_logits(updated, View(targets, at), reduction: nn.Reduction.None);
            losses.Add((wrong.mean([1, 2, 3, 4]) * allowed).sum() / allowed.sum());
            using (no_grad()) part.copy_(where(allowed.reshape(-1, 1, 1, 1, 1) > 0, updated.detach(), part.clone()));
        }
        return stack(losses).mean().MoveToOuterDisposeScope();
    }

    Tensor View(Tensor crops, (int Z, int Y, int X) at)
    {
        TensorIndex Along(int offset) => TensorIndex.Slice(rules.Step + offset * rules.Step, rules.Step + offset * rules.Step + rules.View);
        return crops[.., .., Along(at.Z), Along(at.Y), Along(at.X)];
    }

    // 1 for crops whose map is sure of the object somewhere on the face of the step towards the next view.
    Tensor Sure(Tensor map, (int Z, int Y, int X) at)
    {
        TensorIndex Along(int offset) => offset == 0
            ? TensorIndex.Slice(CropSize / 2 - rules.Step, CropSize / 2 + rules.Step + 1)
            : TensorIndex.Slice(CropSize / 2 + offset * rules.Step, CropSize / 2 + offset * rules.Step + 1);
        var face = map[.., 0, Along(at.Z), Along(at.Y), Along(at.X)];
        return (face.amax([1, 2, 3]) >= FloodingRules.Logit(FloodingRules.MoveProbability)).to(float32);
    }

    // Targets short of certainty keep logits from growing without end, as published.
    float[] Target(Crop crop)
    {
        var cube = new VolumeShape(CropSize, CropSize, CropSize);
        var middle = crop.OwnersAt(CropSize / 2, CropSize / 2, CropSize / 2);
        var owner = middle & (~middle + 1);
        var target = new float[cube.Voxels];
        for (var voxel = 0; voxel < target.Length; voxel++)
        {
            var (z, y, x) = cube.Position(voxel);
            target[voxel] = (float)((crop.OwnersAt(z, y, x) & owner) != 0 ? FloodingRules.SeedProbability : FloodingRules.OtherProbability);
        }
        return target;
    }
}
