using System.CommandLine;
using System.Diagnostics;
using Harness.Datasets;
using Suites.Clustering;
using Suites.Clustering.Centers;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Mixtures;

namespace Harness.Benchmarks.Clustering;

/// <summary>
/// The baselines against scikit-learn, in turns on the same points with as many threads, from the same start for as many iterations; also
/// whether the results are equal.
/// </summary>
static class ClusteringBenchmark
{
    const int Threads = 2;

    static readonly string[] OfPairs = ["single", "ward", "average", "complete", "silhouette"];

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Timed turns of each." };
        var only = new Option<string?>("--only") { Description = "k-means, gmm, single, ward, complete, average, silhouette or ami." };
        var command = new Command("clustering", "Clustering against scikit-learn.") { rounds, only };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(only);
            foreach (var set in Sets().Where(set => wanted is null || set.Works.Any(work => work.Name == wanted)))
                Run(set with { Works = [.. set.Works.Where(work => wanted is null || work.Name == wanted)] }, parsed.GetValue(rounds));
        });
        return command;
    }

    sealed record Work(string Name, int Clusters, int Iterations);

    sealed record PointSet(int Rows, int Columns, IReadOnlyList<Work> Works);

    static IEnumerable<PointSet> Sets() =>
    [
        new(60_000, 784, [new("k-means", 10, 20)]),
        new(100_000, 8, [new("gmm", 10, 20)]),
        new(20_000, 10, [.. OfPairs.Select(name => new Work(name, 10, 0))]),
        new(1_000_000, 1, [new("ami", 100, 0)]),
    ];

    static void Run(PointSet set, int rounds)
    {
        var (points, labels) = Draw(set);
        int[] pairs = [.. labels.SelectMany((label, i) => new[] { label, (label * 7 + i % 13 / 10 + i / 2 % 3 / 2) % 90 })];
        using var peer = new ScikitLearn(points.Values, points.Dimensions, pairs, Threads);
        foreach (var work in set.Works)
        {
            var (theirs, ours) = (new double[rounds], new double[rounds]);
            var (expected, actual) = (0.0, 0.0);
            for (var round = -1; round < rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                actual = Ours(work, points, labels, pairs);
                var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                var answer = peer.Run(work.Name, work.Clusters, work.Iterations);
                expected = answer.Result;
                if (round >= 0) (ours[round], theirs[round]) = (seconds, answer.Seconds);
            }
            var ratios = theirs.Zip(ours, (one, other) => one / other).Order().ToArray();
            Console.WriteLine($"{work.Name,-10} {set.Rows} x {set.Columns}, {Threads} threads: scikit-learn {peer.Version} "
                + $"{Interleaved.Median(theirs):0.000} s, ours {Interleaved.Median(ours):0.000} s, ratio {Interleaved.Median(ratios):0.00} "
                + $"[{ratios[0]:0.00}, {ratios[^1]:0.00}]; results {expected:G12} and {actual:G12}");
        }
    }

    static double Ours(Work work, PointTable points, int[] labels, int[] pairs)
    {
        var start = new PointTable(points.Values[..(work.Clusters * points.Dimensions)], work.Clusters, points.Dimensions);
        return work.Name switch
        {
            "k-means" => new Lloyd(points, 0, work.Iterations, static _ => { }, Threads).Run(start).Inertia,
            "gmm" => Mixture(work, points, start),
            "silhouette" => Score(new Silhouette(), Enumerable.Range(0, points.Count).Select(i => (Point(points, i), labels[i]))),
            "ami" => Score(new AdjustedMutualInformation(), Enumerable.Range(0, points.Count).Select(i =>
                (new LabeledPoint(default, pairs[2 * i]), pairs[2 * i + 1]))),
            _ => Agglomerated(work, points, labels),
        };
    }

    static double Mixture(Work work, PointTable points, PointTable start)
    {
        var size = points.Dimensions * points.Dimensions;
        double[] unit = [.. Enumerable.Range(0, size).Select(at => at % (points.Dimensions + 1) == 0 ? 1.0 : 0)];
        var mixture = GaussianMixture.Of([.. Enumerable.Repeat(1.0 / work.Clusters, work.Clusters)], start.Values,
            [.. Enumerable.Repeat(unit, work.Clusters).SelectMany(one => one)]);
        return new ExpectationMaximization(points, CovarianceForm.Full, 1e-6, 0, work.Iterations, Threads, static _ => { }).Run(mixture)
            .LowerBound;
    }

    static double Agglomerated(Work work, PointTable points, int[] labels)
    {
        var family = new Agglomerative(work.Clusters, Enum.Parse<Linkage>(work.Name, ignoreCase: true));
        var found = family.Label(points, Threads, CancellationToken.None);
        return Score(new AdjustedRandIndex(), labels.Zip(found, (label, cluster) => (new LabeledPoint(default, label), cluster)));
    }

    static double Score(IMetric<LabeledPoint, ClusterPrediction> metric, IEnumerable<(LabeledPoint Point, int Cluster)> points)
    {
        var tally = metric.Begin();
        foreach (var (point, cluster) in points) tally.Add(point, new(cluster));
        return tally.Total();
    }

    static LabeledPoint Point(PointTable points, int index) =>
        new(points.Values.AsMemory(index * points.Dimensions, points.Dimensions), -1);

    // Overlapping Gaussians whose centres are drawn.
    static (PointTable, int[]) Draw(PointSet set)
    {
        var (chance, clusters) = (new Chance(1), set.Works[0].Clusters);
        var centers = Enumerable.Range(0, clusters * set.Columns).Select(_ => 2 * chance.Normal()).ToArray();
        var labels = Enumerable.Range(0, set.Rows).Select(_ => chance.Below(clusters)).ToArray();
        var values = new double[set.Rows * set.Columns];
        for (var at = 0; at < values.Length; at++)
            values[at] = centers[labels[at / set.Columns] * set.Columns + at % set.Columns] + 2 * chance.Normal();
        return (new(values, set.Rows, set.Columns), labels);
    }
}
