using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>Recordings that were clustered and their clusters: a recording that was not seen has no answer.</summary>
sealed class RecordingModel : IModel<CountRecording, BiclusterPrediction>
{
    readonly IReadOnlyList<CountRecording> _recordings;
    readonly IReadOnlyList<BiclusterPrediction> _answers;

    /// <param name="answers">One for each recording; equal recordings have that of the first.</param>
    public RecordingModel(IReadOnlyList<CountRecording> recordings, IReadOnlyList<BiclusterPrediction> answers) =>
        (_recordings, _answers) = (recordings, answers);

    /// <summary>Labels alone: nothing is summed up.</summary>
    public Footprint Footprint => new(0, _answers.Sum(answer => (long)(answer.Neurons.Count + answer.States.Count) * sizeof(int)), 32);

    /// <exception cref="HarnessException">A recording was not among those that were clustered.</exception>
    public IReadOnlyList<BiclusterPrediction> Predict(IReadOnlyList<CountRecording> batch) => [.. batch.Select(Answer)];

    /// <summary>Of recordings that were seen: looking one up multiplies nothing.</summary>
    public OperationCounts Count(IReadOnlyList<CountRecording> batch) => new([new("lookup", "lookup", 0, 0, 0)
    {
        WeightBytes = Footprint.Bytes,
    }], batch.Count);

    public void Dispose() { }

    BiclusterPrediction Answer(CountRecording recording)
    {
        for (var at = 0; at < _recordings.Count; at++)
            if (_recordings[at].Neurons == recording.Neurons && _recordings[at].Counts.Span.SequenceEqual(recording.Counts.Span))
                return _answers[at];
        throw new HarnessException("A recording was not among those that were clustered; bi-clusterings have no rule for others: "
            + "cluster it together with them.");
    }
}
