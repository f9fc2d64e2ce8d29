using Harness.Datasets;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Families;

public sealed class CoClusteringTests
{
    // Rows of a matrix whose entries are large where row and column belong together, on a rough ground.
    static readonly LabeledPoint[] Rows = [.. Enumerable.Range(0, 48).Select(i => Points.At([.. Enumerable.Range(0, 18).Select(j =>
        (i % 4 == j % 3 + j / 9 ? 6 : 1) + 1.5 * Math.Abs(Math.Sin(1.7 * i + 2.3 * j * j)))]))];

    // scikit-learn 1.2.1, SpectralCoclustering(k, n_svd_vecs=16, n_init=50).fit(rows).row_labels_, the same for three seeds.
    [Theory]
    [InlineData(2, "001000100010001000100010001000100010001000100010")]
    [InlineData(3, "021002100210021002100210021002100210021002100210")]
    [InlineData(4, "120132031203120312031201120132031203120312031201")]
    public void Rows_are_clustered_as_an_independent_implementation_does(int clusters, string expected)
    {
        var predictions = Points.Prepare(new SpectralCoClustering(clusters, 50), Rows).Model.Predict(Rows);
        Assert.Equal(1, Points.Score(new AdjustedRandIndex(), expected.Select(c => (int)c), predictions.Select(p => p.Cluster)));
    }

    [Fact]
    public void Weights_that_are_none_are_refused_with_their_place()
    {
        Assert.Contains("point 1 is -2 on axis 0; co-clustering", Refusal(Points.At(1, 0), Points.At(-2, 3)), StringComparison.Ordinal);
        Assert.Contains("point 1 is 0 on every axis", Refusal(Points.At(1, 0), Points.At(0, 0)), StringComparison.Ordinal);
        Assert.Contains("which parts nothing", Refusal(Points.At(1, 0), Points.At(3, 0)), StringComparison.Ordinal);
    }

    static string Refusal(params LabeledPoint[] points) =>
        Assert.Throws<TrainingFailedException>(() => Points.Prepare(new SpectralCoClustering(2), points)).Message;
}
