using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Stimuli;

namespace Suites.Clustering.Tests.Families;

public sealed class DiscriminativeStimuliTests
{
    [Fact]
    public void On_and_off_neurons_are_two_clusters_for_every_seed()
    {
        var neurons = Points.ReadOrSkip(ReceptiveFields.OnOff);
        for (var seed = 1; seed <= 10; seed++)
        {
            var family = new MostDiscriminativeStimuli(5, ResponseCurve.Linear, Temperature: 1.6);
            var predictions = Points.Prepare(family, neurons, seed).Model.Predict(neurons);
            Assert.Equal(2, predictions.Distinct().Count());
            Assert.Equal(1, Points.Score(new AdjustedRandIndex(), neurons, predictions));
        }
    }

    // Half of the neurons are seen in training, the others are known by their responses to the stimuli that were found.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Types_of_neurons_are_found_from_too_many_clusters_and_unseen_ones_are_recognised(int seed)
    {
        var neurons = Points.ReadOrSkip(ReceptiveFields.Retina);
        Assert.InRange(Points.Score(new AdjustedRandIndex(), neurons,
            Points.Prepare(new MostDiscriminativeStimuli(), neurons, seed).Model.Predict(neurons)), 0.95, 1);
        LabeledPoint[] seen = [.. neurons.Take(60)], unseen = [.. neurons.Skip(60)];
        Assert.InRange(Points.Score(new ClusteringAccuracy(), unseen,
            Points.Prepare(new MostDiscriminativeStimuli(), seen, seed).Model.Predict(unseen)), 0.9, 1);
    }

    // Of one stimulus near the filter of one cluster: J by hand, with responses that are what filters see.
    [Fact]
    public void A_stimulus_that_climbs_ends_along_the_difference_of_two_filters()
    {
        var filters = new PointTable([1, 0, 0, 1], 2, 2);
        var neurons = new Neurons(filters, ResponseCurve.Linear, 1, new Chance(1));
        var clusters = StimulusClusters.Drawn(neurons, [0, 1], 2, 1, new Chance(2));
        clusters.Climb(300, CancellationToken.None);
        for (var cluster = 0; cluster < 2; cluster++)
        {
            var (own, other) = clusters.Assignment[0] == cluster ? (0, 1) : (1, 0);
            Assert.Equal(Math.Sqrt(2), Math.Sqrt(clusters.Stimuli[cluster].Sum(value => value * value)), 1e-9);
            Assert.InRange(clusters.Stimuli[cluster][own], 0.9, 1.1);
            Assert.InRange(clusters.Stimuli[cluster][other], -1.1, -0.9);
        }
    }
}
