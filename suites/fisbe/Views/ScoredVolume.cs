using Harness.Datasets.Fisbe;
using Suites.Fisbe.Metrics;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Views;

/// <summary>A sample with its scores, ready to be drawn.</summary>
sealed class ScoredVolume(NeuronVolume sample, NeuronPrediction prediction)
{
    readonly Lazy<Image> _image = new(() => Image.Of(sample));

    public string Name => sample.Name;
    public VolumeScores Scores { get; } = InstanceMetric.Score(sample, prediction);
    public VolumeShape Shape => Scores.GroundTruth.Shape;
    public Image Image => _image.Value;

    /// <summary>Every neuron in a colour of its own.</summary>
    public IEnumerable<(Mask Mask, Colour Colour)> Neurons() =>
        Scores.GroundTruth.Instances.Select(neuron => (neuron.Mask, Colour.Of(neuron.Id)));

    /// <summary>A prediction has the colour of the neuron it is matched with, an unmatched one a colour that no neuron has.</summary>
    public IEnumerable<(Mask Mask, Colour Colour)> Predictions()
    {
        var matched = Scores.Matches.ToDictionary(match => match.Prediction, match => match.Truth);
        return Scores.Prediction.Instances.Select(found =>
            (found.Mask, Colour.Of(matched.TryGetValue(found.Id, out var neuron) ? neuron : Scores.GroundTruth.Count + found.Id)));
    }

    public Mask Neuron(int id) => Scores.GroundTruth.Instances[id - 1].Mask;

    public Mask Prediction(int id) => Scores.Prediction.Instances[id - 1].Mask;
}
