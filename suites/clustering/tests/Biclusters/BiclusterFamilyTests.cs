using Harness.Datasets;
using Harness.Datasets.Clustering;
using Harness.Testing;
using Suites.Clustering.Biclusters;
using Suites.Clustering.Families.Biclustering;
using Suites.Clustering.Metrics.Biclustering;

namespace Suites.Clustering.Tests.Biclusters;

public sealed class BiclusterFamilyTests
{
    static readonly Benchmark<CountRecording, BiclusterPrediction> Benchmark =
        (Benchmark<CountRecording, BiclusterPrediction>)ClusteringSuite.Create().Benchmarks.Single(one => one.Id == "biclusters");

    // Three groups of six neurons whose rates rise at different times: much plainer than the simulation of the benchmark.
    static readonly CountRecording Plain = Recording(new Chance(1));

    static readonly CountRecording[] Short =
        [.. SimulatedBiclusters.Small.Read(new(Path.GetTempPath()), Split.Test).Select(recording => Cut(recording, 30))];

    [Theory]
    [InlineData(CountModel.NegativeBinomial)]
    [InlineData(CountModel.Poisson)]
    public void Groups_of_a_plain_recording_are_found(CountModel model)
    {
        var prediction = Predict(new BayesBiclustering(Sweeps: 60, Counts: model, Latent: 1, States: 3, Settle: 60), Plain);
        Assert.Equal(1, Score(new NeuronRandIndex(), Plain, prediction));
        Assert.InRange(prediction.Posterior!.Groups[2], 0.5, 1);
    }

    // The same counts, every neuron's bins in an order of its own: nothing is common any more.
    [Fact]
    public void Groups_are_gone_where_bins_are_shuffled()
    {
        var (chance, counts) = (new Chance(9), Plain.Counts.ToArray());
        for (var neuron = 0; neuron < Plain.Neurons; neuron++) chance.Shuffle(counts.AsSpan(neuron * Plain.Bins, Plain.Bins));
        var shuffled = Plain with { Counts = counts };
        var prediction = Predict(new BayesBiclustering(Sweeps: 60, Latent: 1, States: 3, Settle: 60), shuffled);
        Assert.InRange(Score(new NeuronRandIndex(), shuffled, prediction), -1, 0.3);
    }

    [Fact]
    public void The_sampler_keeps_the_contract() =>
        Contract(new BayesBiclustering(Sweeps: 12, Latent: 1, States: 3, Settle: 6)).Varying("sweeps", 20).Varying("settle", 12)
            .Varying("discard", 0.6).Varying("latent", 2).Varying("states", 2).Varying("concentration", 50.0).Varying("spread", 500.0)
            .Varying("stickiness", 1000.0).Varying("groupProbability", 0.9).Varying("groupConcentration", 1000.0).Check();

    [Fact]
    public void The_peers_keep_the_contract()
    {
        Contract(new SmoothedKMeans()).Varying("restarts", 1).Comparing("restarts", new SmoothedKMeans(8, 8, Restarts: 1),
            new SmoothedKMeans(8, 8, Restarts: 60)).Check();
        Contract(new CountCoClustering()).Comparing("restarts", new CountCoClustering(12, Restarts: 1),
            new CountCoClustering(12, Restarts: 60)).Check();
    }

    [Fact]
    public void Every_listed_family_is_tested_here() =>
        Assert.Equal(["bayes-biclustering", "smoothed-k-means", "count-co-clustering"], Benchmark.Families.Select(one => one.Card.Id));

    [Fact]
    public void What_is_no_recording_is_refused()
    {
        foreach (var family in Benchmark.Families)
        {
            Assert.Contains("-2 spikes in bin 1", Assert.Throws<TrainingFailedException>(() =>
                Predict(family, SamplerPartTests.Recording(2, 3, (_, bin) => bin == 1 ? -2 : 1))).Message, StringComparison.Ordinal);
            Assert.Contains("no recordings", Assert.Throws<TrainingFailedException>(() => family.Prepare(new([], []), Context()))
                .Message, StringComparison.Ordinal);
        }
    }

    static double Score(IMetric<CountRecording, BiclusterPrediction> metric, CountRecording recording, BiclusterPrediction prediction)
    {
        var tally = metric.Begin();
        tally.Add(recording, prediction);
        return tally.Total();
    }

    static BiclusterPrediction Predict(IModelFamily<CountRecording, BiclusterPrediction> family, CountRecording recording)
    {
        var seen = Benchmark.Withhold(recording);
        return family.Prepare(new([seen], []), Context()).Predict([seen])[0];
    }

    static RunContext Context() => new(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
        TestContext.Current.CancellationToken);

    static FamilyContract<CountRecording, BiclusterPrediction> Contract(IModelFamily<CountRecording, BiclusterPrediction> family) =>
        FamilyContract.Of(Benchmark, family, new(Short, Short), Short);

    static CountRecording Cut(CountRecording recording, int bins) => new(
        Enumerable.Range(0, recording.Neurons).SelectMany(neuron =>
            recording.Counts.Span.Slice(neuron * recording.Bins, bins).ToArray()).ToArray(), recording.Neurons, bins)
    {
        NeuronLabels = recording.NeuronLabels,
        StateLabels = recording.StateLabels[..bins],
    };

    static CountRecording Recording(Chance chance) =>
        SamplerPartTests.Recording(18, 100, (neuron, bin) => chance.Poisson(Math.Exp(0.5 + 1.2 * Math.Sin(0.1 * bin + 2 * (neuron % 3)))))
            with { NeuronLabels = Enumerable.Range(0, 18).Select(neuron => neuron % 3).ToArray() };
}
