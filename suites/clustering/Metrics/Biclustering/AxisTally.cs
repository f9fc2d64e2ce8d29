using Harness.Datasets;
using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Metrics.Biclustering;

static class AxisTally
{
    /// <summary>The mean over recordings of the score of the groups of neurons.</summary>
    public static ITally<CountRecording, BiclusterPrediction> OfNeurons(Func<Contingency, double> score) =>
        Tally.Mean<CountRecording, BiclusterPrediction>((recording, prediction) =>
            score(Contingency.Of(recording.NeuronLabels.ToArray(), prediction.Neurons, "neurons")));

    /// <summary>The same of the states of bins.</summary>
    public static ITally<CountRecording, BiclusterPrediction> OfBins(Func<Contingency, double> score) =>
        Tally.Mean<CountRecording, BiclusterPrediction>((recording, prediction) =>
            score(Contingency.Of(recording.StateLabels.ToArray(), prediction.States, "bins")));

    /// <summary>The mean over recordings of a number that only samplers know; NaN where a recording has none.</summary>
    public static ITally<CountRecording, BiclusterPrediction> OfPosterior(Func<CountRecording, BiclusterPosterior, double> value) =>
        Tally.Mean<CountRecording, BiclusterPrediction>((recording, prediction) =>
            prediction.Posterior is { } posterior ? value(recording, posterior) : double.NaN);
}
