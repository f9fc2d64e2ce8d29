using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>Recordings that were clustered and their clusters.</summary>
static class RecordingModel
{
    /// <param name="answers">One for each recording.</param>
    public static IModel<CountRecording, BiclusterPrediction> Of(IReadOnlyList<CountRecording> recordings,
        IReadOnlyList<BiclusterPrediction> answers) =>
        new LookupModel<CountRecording, BiclusterPrediction>(recordings, answers, AreSame,
            answer => answer.Neurons.Count + answer.States.Count, "A recording");

    static bool AreSame(CountRecording one, CountRecording other) =>
        one.Neurons == other.Neurons && one.Counts.Span.SequenceEqual(other.Counts.Span);
}
