using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>A volume of drawn neurons and a prediction that copies, merges, cuts, shifts and invents them.</summary>
static class DrawnSample
{
    /// <summary>The same draws as `drawn` of Reference/scores.py, in the same order.</summary>
    public static (LabelArray Truth, LabelArray Prediction) Of(ulong seed)
    {
        var chance = new Drawing(seed);
        var shape = new VolumeShape(14 + chance.Below(4), 30 + chance.Below(10), 30 + chance.Below(10));
        var truths = new bool[2 + chance.Below(5)][];
        for (var index = 0; index < truths.Length; index++) truths[index] = Neuron(chance, shape);
        var predictions = new bool[1 + chance.Below(8)][];
        for (var index = 0; index < predictions.Length; index++) predictions[index] = Guess(chance, shape, truths);
        var truth = Drawing.Labels(shape, truths, chance.Below(4) == 0, 1, 1);
        var prediction = Drawing.Labels(shape, predictions, chance.Below(2) == 0, 1 + chance.Below(3), 1 + chance.Below(5));
        var single = truth.Slices().Count() == shape.Depth;
        return (single ? truth : new("drawn", truths.Length, shape, Values(truth)) { DimNeurons = [truths.Length, 1] }, prediction);
    }

    static bool[] Neuron(Drawing chance, VolumeShape shape)
    {
        var start = (chance.Below(shape.Depth), chance.Below(shape.Height), chance.Below(shape.Width));
        var radius = 1 + chance.Below(2);
        return chance.Walk(shape, radius, 20 + chance.Below(60), start);
    }

    static bool[] Guess(Drawing chance, VolumeShape shape, bool[][] truths)
    {
        var (kind, one, other, cut) = (chance.Below(5), chance.Below(truths.Length), chance.Below(truths.Length),
            chance.Below(shape.Width));
        return kind switch
        {
            0 => truths[one],
            1 => Drawing.Either(truths[one], truths[other]),
            2 => [.. truths[one].Select((inside, voxel) => inside && voxel % shape.Width < cut)],
            3 => [.. Drawing.Roll(truths[one], shape.Width, 1).Select((inside, voxel) => inside && voxel % shape.Width > 0)],
            _ => Neuron(chance, shape),
        };
    }

    static int[] Values(LabelArray labels) => [.. labels.Slices().SelectMany(slice => slice.Labels.ToArray())];
}
