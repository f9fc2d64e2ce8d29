using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>What the official evaluator calls an application: the choices that decide a score.</summary>
/// <param name="Smallest">Predicted labels of at most this many voxels are dropped; 0 keeps all.</param>
/// <param name="MergeThreshold">Centreline recall above which a prediction counts towards a false merge.</param>
/// <param name="SplitThreshold">Centreline recall above which a prediction counts towards a false split.</param>
/// <param name="Partly">True where only some of the neurons are labelled: predictions in unlabelled places are then no errors.</param>
public sealed record ScoringRules(int Smallest, double MergeThreshold, double SplitThreshold, bool Partly)
{
    /// <summary>The rules of the FISBe leaderboard.</summary>
    public static ScoringRules FlyLight { get; } = new(800, 0.1, 0.05, false);

    /// <summary>clDice thresholds: the nine of avF1, then the four between them that AP adds from 0.5 on, and 0.95.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.55, 0.65, 0.75, 0.85, 0.95];
}

/// <summary>Ground truth and prediction brought to one size and one numbering.</summary>
/// <param name="Dim">Ids of the dim neurons of the ground truth, in the order the file names them.</param>
public sealed record ScoringInput(InstanceSet GroundTruth, InstanceSet Prediction, IReadOnlyList<int> Dim)
{
    /// <summary>Reads both volumes once. The larger one is cut to the size of the smaller one, centred.</summary>
    /// <param name="advanced">Takes the share of both volumes read so far, 0..1.</param>
    /// <exception cref="HarnessException">Sizes that do not nest, an empty ground truth, or a dim neuron it does not hold.</exception>
    public static ScoringInput Read(ILabelVolume groundTruth, ILabelVolume prediction, ScoringRules rules, Action<double>? advanced,
        CancellationToken cancellation)
    {
        var total = (double)groundTruth.Channels * groundTruth.Shape.Depth + (double)prediction.Channels * prediction.Shape.Depth;
        var slices = 0;
        void Advance() => advanced?.Invoke(++slices / total);
        var window = Window(groundTruth, prediction);
        var labels = LabelMasks.Read(groundTruth, window, Advance, cancellation);
        if (labels.Count == 0)
            throw new HarnessException($"{groundTruth.Name} holds no instance: every label is 0"
                + (window == groundTruth.Shape ? ". Recall needs at least one; check the key."
                    : $" in the middle part of {window} voxels (z×y×x) that is as large as {prediction.Name}. Recall needs at least one; "
                        + "is it the prediction of this sample?"));
        var dim = DimIds(groundTruth, labels);
        var predicted = WithoutSmall(LabelMasks.Read(prediction, window, Advance, cancellation), rules.Smallest);
        return new(InstanceSet.Of(window, labels), InstanceSet.Of(window, predicted), dim);
    }

    static VolumeShape Window(ILabelVolume groundTruth, ILabelVolume prediction)
    {
        var window = prediction.Shape.Covers(groundTruth.Shape) ? groundTruth.Shape
            : groundTruth.Shape.Covers(prediction.Shape) ? prediction.Shape
            : throw new HarnessException(
                $"{prediction.Name} is {prediction.Shape} voxels and {groundTruth.Name} {groundTruth.Shape} (z×y×x): "
                + "one must hold the other in every axis. Pad or crop the prediction to the ground truth.");
        if (window.Voxels > int.MaxValue)
            throw new HarnessException($"{groundTruth.Name} has {window.Voxels} voxels; at most {int.MaxValue} can be scored at once. "
                + "Crop prediction and ground truth alike.");
        return window;
    }

    // A label counts over all channels, as the official filter does.
    static IEnumerable<LabelMask> WithoutSmall(IReadOnlyList<LabelMask> labels, int smallest)
    {
        var sizes = labels.GroupBy(entry => entry.Label).ToDictionary(group => group.Key, group =>
            group.Sum(entry => (long)entry.Mask.Count));
        return labels.Where(entry => sizes[entry.Label] > smallest);
    }

    // Where every channel is a binary mask the attribute counts channels; else it names labels, the first channel that holds one.
    static int[] DimIds(ILabelVolume volume, IReadOnlyList<LabelMask> labels)
    {
        var binary = labels.All(entry => entry.Label == 1);
        return [.. (volume.DimNeurons ?? []).Select(dim => Enumerable.Range(1, labels.Count)
            .FirstOrDefault(id => (binary ? id : labels[id - 1].Label) == dim) is var id and > 0 ? id
            : throw new HarnessException($"{volume.Name} names {dim} in its attribute dim_neurons, but holds only the labels "
                + $"{string.Join(", ", labels.Select(entry => entry.Label).Distinct().Order())}. Correct the attribute or the key."))];
    }
}
