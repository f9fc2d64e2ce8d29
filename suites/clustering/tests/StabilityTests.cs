using Harness.Datasets;
using Suites.Clustering.Families;

namespace Suites.Clustering.Tests;

public sealed class StabilityTests
{
    static readonly IReadOnlyList<LabeledPoint> Blobs = [.. Points.Of(PointClouds.Blobs).Take(300)];

    [Fact]
    public void Clusters_that_lie_apart_are_the_same_for_every_seed_order_and_subsample()
    {
        var stability = Of(new KMeans(5));
        Assert.Equal(1, stability.OverSeeds(), 1e-12);
        Assert.Equal(1, stability.OverOrders(), 1e-12);
        Assert.Equal(1, stability.OverSubsamples(), 1e-12);
    }

    [Fact]
    public void What_depends_on_the_seed_alone_shows_over_seeds_alone()
    {
        var stability = Of(new Arbitrary((seed, place, _) => (int)(new Chance((ulong)(seed * 1000) + BitOf(place)).Next() % 3)));
        Assert.InRange(stability.OverSeeds(), -0.1, 0.1);
        Assert.Equal(1, stability.OverOrders());
        Assert.Equal(1, stability.OverSubsamples());
    }

    [Fact]
    public void What_depends_on_the_order_shows_over_orders_and_what_depends_on_the_others_over_subsamples()
    {
        var ofOrder = Of(new Arbitrary((_, _, at) => at % 3));
        Assert.Equal(1, ofOrder.OverSeeds());
        Assert.InRange(ofOrder.OverOrders(), -0.1, 0.1);
        Assert.InRange(ofOrder.OverSubsamples(), -0.1, 0.6);
    }

    [Fact]
    public void Labels_are_not_shown() => Of(new Arbitrary((_, place, _) => place.Label == -1 ? 0 : throw new InvalidOperationException()))
        .OverSeeds();

    static ulong BitOf(LabeledPoint point) => BitConverter.DoubleToUInt64Bits(point.Coordinates.Span[0]);

    static PartitionStability Of(IModelFamily<LabeledPoint, ClusterPrediction> family) =>
        new(family, Blobs, 4, TestContext.Current.CancellationToken);

    sealed record Arbitrary(Func<long, LabeledPoint, int, int> Cluster) : IModelFamily<LabeledPoint, ClusterPrediction>
    {
        public FamilyCard Card => new("arbitrary", 1, "Any rule") { Kind = "classical", Summary = "For tests." };

        public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
        {
            var points = PointTable.ForTraining(data.Training);
            return new TransductiveModel(points, [.. data.Training.Select((point, at) => Cluster(context.Seed, point, at))]);
        }
    }
}
