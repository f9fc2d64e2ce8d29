using Harness.Datasets;
using Suites.Clustering.Families;

namespace Suites.Clustering.Tests;

/// <summary>What every family of the registry does with points that are no clusters: an answer, or an error that says what to do.</summary>
public sealed class DegenerateInputTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly Benchmark<LabeledPoint, ClusterPrediction> Benchmark =
        (Benchmark<LabeledPoint, ClusterPrediction>)ClusteringSuite.Create().Benchmarks[0];

    static readonly Dictionary<string, LabeledPoint[]> Inputs = new()
    {
        ["one point"] = [Points.At(3, 4)],
        ["three points"] = [Points.At(0, 0), Points.At(1, 0), Points.At(0, 5)],
        ["all equal"] = [.. Enumerable.Repeat(Points.At(0.1, 0.7), 40)],
        ["three places"] = [.. Enumerable.Range(0, 60).Select(i => Points.At(i % 3, 2 * (i % 3)))],
        ["one axis constant"] = [.. Enumerable.Range(0, 80).Select(i => Points.At(1 + Math.Sin(i) + 9 * (i % 2), 7))],
        ["a line"] = [.. Enumerable.Range(0, 80).Select(i => i * i % 31 + i % 7).Select(at => Points.At(at, 2 * at))],
        ["a grid"] = [.. Enumerable.Range(0, 81).Select(i => Points.At(1 + i % 9, 1 + i / 9))],
        ["a stray"] = [.. Enumerable.Range(0, 60).Select(i => Points.At(Math.Sin(i), Math.Cos(3 * i))), Points.At(1e9, -1e9)],
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var family in Benchmark.Families)
                foreach (var input in Inputs.Keys) cases.Add(family.Card.Id, input);
            return cases;
        }
    }

    // Words of errors that say what is allowed or what to do.
    static readonly string[] Remedies =
        ["allowed is 1..", "Raise regularization", "Set bandwidth", "scale the coordinates", "be 0 or more", "drop it before"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_family_answers_or_says_what_to_do(string family, string input)
    {
        var points = Inputs[input];
        try
        {
            var clusters = await Clusters(Family(family), points);
            Assert.Equal(points.Length, clusters.Length);
            Assert.All(clusters, cluster => Assert.InRange(cluster, -1, points.Length));
            // Equal points are never parted.
            Assert.All(points.Zip(clusters).GroupBy(pair => string.Join(' ', pair.First.Coordinates.ToArray()), pair => pair.Second),
                same => Assert.Single(same.Distinct()));
        }
        catch (TrainingFailedException error)
        {
            Assert.True(Remedies.Any(remedy => error.Message.Contains(remedy, StringComparison.Ordinal)), error.Message);
        }
    }

    public static TheoryData<string> Families =>
        [.. Benchmark.Families.Select(family => family.Card.Id).Where(id => id != "single-cluster")];

    // There are more different points than any family has clusters by default, so that nothing is refused.
    [Theory]
    [MemberData(nameof(Families))]
    public async Task An_axis_that_says_nothing_and_a_grid_of_equal_distances_are_answered(string family)
    {
        Assert.Equal(80, (await Clusters(Family(family), Inputs["one axis constant"])).Length);
        Assert.Equal(81, (await Clusters(Family(family), Inputs["a grid"])).Length);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Nothing_and_what_is_no_number_are_refused_by_name(string family)
    {
        async Task<string> Refusal(params LabeledPoint[] points) =>
            (await Assert.ThrowsAsync<TrainingFailedException>(() => Clusters(Family(family), points))).Message;
        Assert.Contains("no points to cluster; give at least one", await Refusal(), StringComparison.Ordinal);
        Assert.Contains("point 1 is NaN on axis 0", await Refusal(Points.At(0), Points.At(double.NaN)), StringComparison.Ordinal);
        Assert.Contains("point 0 is -Infinity on axis 1", await Refusal(Points.At(0, double.NegativeInfinity)), StringComparison.Ordinal);
        Assert.Contains("1 coordinates where the others have 2", await Refusal(Points.At(0, 1), Points.At(0)), StringComparison.Ordinal);
    }

    // Those whose time or memory grows with the pairs of points say at once that a million are too many.
    [Fact]
    public async Task A_million_points_are_refused_where_every_pair_is_looked_at_and_answered_by_k_means()
    {
        LabeledPoint[] points = [.. Enumerable.Range(0, 1_000_000).Select(i => Points.At(i % 1000, i / 1000))];
        IModelFamily<LabeledPoint, ClusterPrediction>[] ofPairs =
        [
            new Agglomerative(), new Agglomerative(8, Linkage.Single), new Agglomerative(8, Linkage.Complete), new Hdbscan(),
            new MeanShift(), new SpectralClustering(), new SpectralClustering(Affinity: Affinity.Gaussian),
        ];
        foreach (var family in ofPairs)
        {
            var error = await Assert.ThrowsAsync<TrainingFailedException>(() => Clusters(family, points));
            Assert.Matches(@"1000000 points are too many; allowed is 1\.\.\d+\. Take ", error.Message);
        }
        Assert.Equal(4, (await Clusters(new KMeans(4, Restarts: 1, MaxIterations: 3), points)).Distinct().Count());
    }

    static IModelFamily<LabeledPoint, ClusterPrediction> Family(string id) => Benchmark.Families.Single(family => family.Card.Id == id);

    // A family that does not come back is cancelled and is a failure.
    static async Task<int[]> Clusters(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Patience);
        return await Task.Run(() => Points.Prepare(family, points, stop: stop).Model.Predict(points).Select(one => one.Cluster).ToArray(),
            CancellationToken.None).WaitAsync(2 * Patience, CancellationToken.None);
    }
}
