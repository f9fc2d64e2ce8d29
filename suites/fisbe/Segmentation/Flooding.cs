using Suites.Fisbe.Learning;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Segmentation;

/// <summary>Fills one object after the other: from a seed the view moves over the image wherever the network is sure, until it is sure
/// nowhere new.</summary>
sealed class Flooding(FloodingNetwork network, FloodingRules rules, Image image, CancellationToken cancellation)
{
    readonly Tensor _image = nn.functional.pad(tensor(image.Values,
        [1, image.Channels, image.Shape.Depth, image.Shape.Height, image.Shape.Width]), [.. Enumerable.Repeat((long)(rules.View / 2), 6)]);

    /// <param name="seeds">Voxels to start from, the best first; those inside an object found before are passed over.</param>
    /// <param name="smallest">An object of at most so many voxels is none; its voxels are no seeds any more.</param>
    public static IReadOnlyList<Mask> Fill(FloodingNetwork network, FloodingRules rules, Image image, IEnumerable<int> seeds, int smallest,
        CancellationToken cancellation)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var flooding = new Flooding(network, rules, image, cancellation);
        var (used, objects) = (new bool[image.Voxels], new List<Mask>());
        foreach (var seed in seeds)
        {
            if (used[seed]) continue;
            used[seed] = true;
            var found = flooding.From(seed);
            foreach (var voxel in found.Voxels()) used[voxel] = true;
            if (found.Count > smallest) objects.Add(found);
        }
        return objects;
    }

    Mask From(int seed)
    {
        using var scope = NewDisposeScope();
        var (shape, margin) = (image.Shape, rules.View / 2);
        var map = full([1, 1, shape.Depth + 2 * margin, shape.Height + 2 * margin, shape.Width + 2 * margin],
            FloodingRules.Logit(FloodingRules.OtherProbability));
        var start = shape.Position(seed);
        map[0, 0, start.Z + margin, start.Y + margin, start.X + margin] = tensor((float)FloodingRules.Logit(FloodingRules.SeedProbability));
        var (queue, visited) = (new Queue<(int Z, int Y, int X)>([start]), new HashSet<(int, int, int)> { Cell(start) });
        while (queue.TryDequeue(out var at))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var next in Look(map, at))
                if (visited.Add(Cell(next))) queue.Enqueue(next);
        }
        var inside = (map[0, 0, margin..^margin, margin..^margin, margin..^margin] > FloodingRules.Logit(FloodingRules.ObjectProbability))
            .contiguous().data<bool>().ToArray();
        return Mask.Of(Enumerable.Range(0, inside.Length).Where(voxel => inside[voxel]));
    }

    // A place is visited once, and so is every other place of its cell.
    (int, int, int) Cell((int Z, int Y, int X) at) => (at.Z / rules.Step, at.Y / rules.Step, at.X / rules.Step);

    /// <summary>Updates the map around a place; gives the places of the six faces of the step where the map has become sure.</summary>
    List<(int Z, int Y, int X)> Look(Tensor map, (int Z, int Y, int X) at)
    {
        using var scope = NewDisposeScope();
        TensorIndex Along(int place) => TensorIndex.Slice(place, place + rules.View);
        var part = map[.., .., Along(at.Z), Along(at.Y), Along(at.X)];
        var input = cat([_image[.., .., Along(at.Z), Along(at.Y), Along(at.X)], part], 1);
        // The mean over the view and its mirror image; two samples also take the faster convolution.
        var change = network.forward(cat([input, input.flip(4)]));
        part.add_((change[0..1] + change[1..2].flip(4)) / 2);
        return Sure(part.contiguous().data<float>().ToArray(), at);
    }

    List<(int Z, int Y, int X)> Sure(float[] view, (int Z, int Y, int X) at)
    {
        var (places, cube, middle) = (new List<(int, int, int)>(), new VolumeShape(rules.View, rules.View, rules.View), rules.View / 2);
        foreach (var axis in new[] { 2, 1, 0 })
            foreach (var side in new[] { rules.Step, -rules.Step })
            {
                var face = Face(axis, side).Where(offset => Inside(at, offset)).ToArray();
                if (face.Length == 0) continue;
                var best = face.MaxBy(offset => view[cube.Number(middle + offset.Z, middle + offset.Y, middle + offset.X)]);
                if (view[cube.Number(middle + best.Z, middle + best.Y, middle + best.X)] >= FloodingRules.Logit(
                    FloodingRules.MoveProbability))
                    places.Add((at.Z + best.Z, at.Y + best.Y, at.X + best.X));
            }
        return places;
    }

    IEnumerable<(int Z, int Y, int X)> Face(int axis, int side) => Neighbours.Box(rules.Step)
        .Where(offset => (axis == 0 ? offset.Z : axis == 1 ? offset.Y : offset.X) == side);

    bool Inside((int Z, int Y, int X) at, (int Z, int Y, int X) offset) => (uint)(at.Z + offset.Z) < (uint)image.Shape.Depth
        && (uint)(at.Y + offset.Y) < (uint)image.Shape.Height && (uint)(at.X + offset.X) < (uint)image.Shape.Width;
}
