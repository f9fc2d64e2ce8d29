using Harness.Datasets;
using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Metrics.Biclustering;

/// <summary>The mean over recordings of the score of one partition: of neurons, or of bins.</summary>
sealed class AxisTally(bool ofNeurons, Func<Contingency, double> score) : ITally<CountRecording, BiclusterPrediction>
{
    double _sum;
    int _recordings;

    public void Add(CountRecording sample, BiclusterPrediction prediction)
    {
        var references = ofNeurons ? sample.NeuronLabels.Span : sample.StateLabels.Span;
        var predicted = ofNeurons ? prediction.Neurons : prediction.States;
        if (references.Length != predicted.Count)
            throw new HarnessException($"A prediction has {predicted.Count} labels for {references.Length} "
                + $"{(ofNeurons ? "neurons" : "bins")}; it must have one for each.");
        var table = new Contingency();
        for (var at = 0; at < references.Length; at++) table.Add(references[at], predicted[at]);
        _sum += score(table);
        _recordings++;
    }

    /// <summary>NaN where there is no recording.</summary>
    public double Total() => _sum / _recordings;
}

/// <summary>The mean over recordings of a number that only samplers know; NaN where a recording has none.</summary>
sealed class PosteriorTally(Func<CountRecording, BiclusterPosterior, double> value) : ITally<CountRecording, BiclusterPrediction>
{
    double _sum;
    int _recordings;

    public void Add(CountRecording sample, BiclusterPrediction prediction)
    {
        _sum += prediction.Posterior is { } posterior ? value(sample, posterior) : double.NaN;
        _recordings++;
    }

    public double Total() => _sum / _recordings;
}
