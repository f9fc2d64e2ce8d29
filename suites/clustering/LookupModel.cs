namespace Suites.Clustering;

/// <summary>Whole samples that were clustered and their answers: a sample that was not seen has none.</summary>
/// <param name="answers">One for each sample; equal samples have that of the first.</param>
/// <param name="same">Whether two samples are equal but for their targets.</param>
/// <param name="labels">How many an answer has.</param>
/// <param name="sample">What a sample is called in errors, with its article.</param>
sealed class LookupModel<TSample, TPrediction>(IReadOnlyList<TSample> samples, IReadOnlyList<TPrediction> answers,
    Func<TSample, TSample, bool> same, Func<TPrediction, int> labels, string sample) : IModel<TSample, TPrediction>
{
    /// <summary>Labels alone: nothing is summed up.</summary>
    public Footprint Footprint => new(0, answers.Sum(answer => (long)labels(answer) * sizeof(int)), 32);

    /// <exception cref="HarnessException">A sample was not among those that were clustered.</exception>
    public IReadOnlyList<TPrediction> Predict(IReadOnlyList<TSample> batch) => [.. batch.Select(Answer)];

    /// <summary>Of samples that were seen: looking one up multiplies nothing.</summary>
    public OperationCounts Count(IReadOnlyList<TSample> batch) => new([new("lookup", "lookup", 0, 0, 0)
    {
        WeightBytes = Footprint.Bytes,
    }], batch.Count);

    public void Dispose() { }

    TPrediction Answer(TSample asked)
    {
        for (var at = 0; at < samples.Count; at++)
            if (same(samples[at], asked)) return answers[at];
        throw new HarnessException($"{sample} was not among those that were clustered; there is no rule for others: cluster it together "
            + "with them.");
    }
}
