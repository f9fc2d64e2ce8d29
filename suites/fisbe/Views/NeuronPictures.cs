using System.Globalization;
using Harness.Datasets.Fisbe;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Views;

/// <summary>
/// Pictures of a run, the worst first: neurons that were found worst, examples of false splits and merges, whole samples as
/// projections, and the worst sample slice by slice. Every picture has three panels: image, neurons, predictions.
/// </summary>
static class NeuronPictures
{
    const int WorstNeurons = 4, Splits = 2, Merges = 2, Samples = 3;
    const int MostFrames = 32;
    const int Margin = 4;
    const int PanelGap = 2;
    /// <summary>Panels narrower than half of this are magnified.</summary>
    const int PanelWidth = 256;

    const string Panels = "image, neurons, predictions; below each seen along y.";

    public static IReadOnlyList<Picture> Draw(IReadOnlyList<NeuronVolume> samples, IReadOnlyList<NeuronPrediction> predictions)
    {
        ScoredVolume[] volumes = [.. samples.Zip(predictions, (sample, prediction) => new ScoredVolume(sample, prediction))
            .OrderBy(volume => volume.Scores.S).ThenBy(volume => volume.Name, StringComparer.Ordinal)];
        if (volumes.Length == 0) return [];
        var rows = volumes.SelectMany(volume => volume.Scores.Instances.Select(row => (Volume: volume, Row: row))).ToList();
        var neurons = rows.Where(entry => entry.Row.Side == "truth").OrderBy(entry => entry.Row.ClDice).Take(WorstNeurons);
        var splits = Several(rows, "truth", Splits);
        var merges = Several(rows, "prediction", Merges);
        return
        [
            .. neurons.Select((entry, index) => OfNeuron($"neuron-{index + 1}.png", entry.Volume, entry.Row, "")),
            .. splits.Select((entry, index) => OfNeuron($"split-{index + 1}.png", entry.Volume, entry.Row, "False split: ")),
            .. merges.Select((entry, index) => OfMerge($"merge-{index + 1}.png", entry.Volume, entry.Row)),
            .. volumes.Take(Samples).Select((volume, index) => OfSample($"sample-{index + 1}.png", volume)),
            OfSlices("slices-1.png", volumes[0]),
        ];
    }

    static IEnumerable<(ScoredVolume Volume, InstanceScores Row)> Several(List<(ScoredVolume Volume, InstanceScores Row)> rows, string side,
        int most) => rows.Where(entry => entry.Row.Side == side && entry.Row.Pieces.Count > 1)
        .OrderByDescending(entry => entry.Row.Pieces.Count).ThenBy(entry => entry.Row.ClDice).Take(most);

    static Picture OfNeuron(string name, ScoredVolume volume, InstanceScores row, string kind)
    {
        var around = Box.Around(volume.Neuron(row.Id), volume.Shape, Margin);
        int[] touching = [.. row.Pieces.Append(row.Other).Where(id => id > 0).Distinct()];
        var found = touching.Length == 0 ? "no prediction touches it"
            : $"clDice {Text(row.ClDice)}, in prediction{(touching.Length > 1 ? "s" : "")} {string.Join(", ", touching)}";
        return Compose(name, $"{kind}neuron {row.Id} of {volume.Name} ({row.Voxels} voxels): {found}. White: the neuron; {Panels}", volume,
            around, [.. Dimmed(volume.Scores.GroundTruth), (volume.Neuron(row.Id), Colour.White)],
            [.. Dimmed(volume.Scores.Prediction), .. touching.Select(id => (volume.Prediction(id), Colour.Of(id)))]);
    }

    static Picture OfMerge(string name, ScoredVolume volume, InstanceScores row)
    {
        var merged = row.Pieces.Order().ToArray();
        return Compose(name, $"False merge: prediction {row.Id} of {volume.Name} ({row.Voxels} voxels) holds the neurons "
            + $"{string.Join(", ", merged)}. White: the prediction; {Panels}", volume,
            Box.Around(volume.Prediction(row.Id), volume.Shape, Margin),
            [.. Dimmed(volume.Scores.GroundTruth), .. merged.Select(id => (volume.Neuron(id), Colour.Of(id)))],
            [.. Dimmed(volume.Scores.Prediction), (volume.Prediction(row.Id), Colour.White)]);
    }

    static Picture OfSample(string name, ScoredVolume volume) => Compose(name,
        $"{Summary(volume)}. Brightest voxels along the line of sight: {Panels} Matched predictions have the colour of their neuron.",
        volume, Box.Whole(volume.Shape), volume.Neurons(), volume.Predictions());

    static Picture OfSlices(string name, ScoredVolume volume)
    {
        var step = (volume.Shape.Depth + MostFrames - 1) / MostFrames;
        int[] slices = [.. Enumerable.Range(0, (volume.Shape.Depth + step - 1) / step).Select(frame => frame * step)];
        var (neurons, predictions) = (volume.Neurons().ToArray(), volume.Predictions().ToArray());
        Canvas[] frames = [.. slices.Select(z => Side(Box.Slice(volume.Shape, z), volume, neurons, predictions))];
        var whole = new Canvas(frames[0].Height * frames.Length, frames[0].Width);
        for (var frame = 0; frame < frames.Length; frame++) whole.Paste(frames[frame], frame * frames[0].Height, 0, zoom: 1);
        var which = step == 1 ? "every slice" : $"one of {step} slices";
        return Picture(name, $"{Summary(volume)}, {which} along z: image, neurons, predictions.", whole, frames.Length);
    }

    static Picture Compose(string name, string caption, ScoredVolume volume, Box box, IEnumerable<(Mask, Colour)> neurons,
        IEnumerable<(Mask, Colour)> predictions) => Picture(name, caption, Side(box, volume, neurons, predictions), 1);

    /// <summary>Three panels side by side.</summary>
    static Canvas Side(Box box, ScoredVolume volume, IEnumerable<(Mask, Colour)> neurons, IEnumerable<(Mask, Colour)> predictions)
    {
        Canvas[] panels = [Panel.Of(volume.Image, box), Panel.Of(volume.Shape, neurons, box), Panel.Of(volume.Shape, predictions, box)];
        var zoom = Math.Max(1, PanelWidth / Math.Max(box.Width, box.Height));
        var width = panels[0].Width * zoom + PanelGap;
        var side = new Canvas(panels[0].Height * zoom, panels.Length * width - PanelGap);
        side.Fill(Colour.Gap);
        for (var index = 0; index < panels.Length; index++) side.Paste(panels[index], 0, index * width, zoom);
        return side;
    }

    static Picture Picture(string name, string caption, Canvas canvas, int frames) =>
        new(name, char.ToUpperInvariant(caption[0]) + caption[1..], canvas.Width, canvas.Height, frames) { Content = canvas.Png() };

    static IEnumerable<(Mask, Colour)> Dimmed(InstanceSet set) => set.Instances.Select(instance => (instance.Mask, Colour.Dim));

    static string Summary(ScoredVolume volume) => $"{volume.Name}: S {Text(volume.Scores.S)}, {volume.Scores.GroundTruth.Count} neurons, "
        + $"{volume.Scores.Prediction.Count} predictions, {volume.Scores.FalseSplits} false splits, "
        + $"{volume.Scores.FalseMerges} false merges";

    static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
