using System.Text.Json;
using Harness.Datasets;
using Harness.Datasets.Clustering;
using Harness.Testing;

namespace Suites.Clustering.Tests;

/// <summary>What several tests need to make points and to run a family on them.</summary>
static class Points
{
    static readonly DirectoryInfo Cache = new(Path.GetTempPath());

    public static LabeledPoint At(params double[] coordinates) => new(coordinates, -1);

    public static IReadOnlyList<LabeledPoint> Of(PointClouds cloud) => [.. cloud.Read(Cache, Split.Test)];

    /// <summary>The 60 points by formula for which the reference values of Lloyd's algorithm were computed: three drifting curls.</summary>
    public static IReadOnlyList<LabeledPoint> Curls { get; } = [.. Enumerable.Range(0, 60).Select(i => At(
        Math.Cos(0.7 * i) * (1 + i / 20) + 4 * (i / 20), Math.Sin(1.3 * i) * (1 + i % 5 / 5.0) + 2 * (i / 20)))];

    public static (IModel<LabeledPoint, ClusterPrediction> Model, IReadOnlyList<TrainingPoint> Curve) Prepare(
        IModelFamily<LabeledPoint, ClusterPrediction> family, IReadOnlyList<LabeledPoint> points, int seed = 1,
        CancellationTokenSource? stop = null)
    {
        var curve = new RecordingProgress<TrainingPoint>();
        var context = new RunContext(seed, 1, Cache, new ManualTime(), curve, stop?.Token ?? TestContext.Current.CancellationToken);
        return (family.Prepare(new(points, points), context), curve.Reports);
    }

    public static double Score(IMetric<LabeledPoint, ClusterPrediction> metric, IEnumerable<int> references, IEnumerable<int> predictions)
    {
        var tally = metric.Begin();
        foreach (var (reference, predicted) in references.Zip(predictions)) tally.Add(new(default, reference), new(predicted));
        return tally.Total();
    }

    public static double Score(IMetric<LabeledPoint, ClusterPrediction> metric, IReadOnlyList<LabeledPoint> points,
        IReadOnlyList<ClusterPrediction> predictions) =>
        Score(metric, points.Select(point => point.Label), predictions.Select(prediction => prediction.Cluster));

    /// <summary>Folder of real data, or a skip with the reason.</summary>
    public static string DataOrSkip(string file)
    {
        var named = Environment.GetEnvironmentVariable("HARNESS_DATA");
        var folder = string.IsNullOrEmpty(named) ? Path.Combine(Checkout(), "..", "shared", "data") : named;
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) Assert.Skip($"no {file} under HARNESS_DATA ({folder})");
        return path;
    }

    /// <summary>The golden values computed with scikit-learn that lie beside the data.</summary>
    public static JsonElement GoldenOrSkip() =>
        JsonDocument.Parse(File.ReadAllText(DataOrSkip(Path.Combine("..", "cards", "golden", "cluster-reference.json")))).RootElement;

    /// <summary>The test points of a set of real data, or a skip with the reason.</summary>
    public static IReadOnlyList<LabeledPoint> ReadOrSkip(IDataset<LabeledPoint> dataset) => ReadOrSkip(dataset, Split.Test);

    /// <summary>A part of a set of real data, or a skip with the reason.</summary>
    public static IReadOnlyList<TSample> ReadOrSkip<TSample>(IDataset<TSample> dataset, Split split)
    {
        var cache = Directory.CreateTempSubdirectory("points");
        try
        {
            dataset.FetchAsync(cache, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
            return [.. dataset.Read(cache, split)];
        }
        catch (DataUnavailableException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
        finally { cache.Delete(recursive: true); }
    }

    /// <summary>The points of a set of Gagolewski's suite in the order of its file, without those that its labels call noise.</summary>
    /// <param name="name">As the golden values name it, e.g. <c>ring_noisy</c>.</param>
    public static IReadOnlyList<LabeledPoint> ReferenceSetOrSkip(string name)
    {
        var id = name.Replace('_', '-');
        var shuffled = ReadOrSkip(GagolewsSets.All.Single(set => set.Card.Id == $"gagolews-fcps-{id}"
            || set.Card.Id == $"gagolews-graves-{id}"));
        int[] rows = [.. Enumerable.Range(0, shuffled.Count)];
        new Chance(1).Shuffle(rows.AsSpan());
        return [.. shuffled.Zip(rows).OrderBy(pair => pair.Second).Select(pair => pair.First)
            .Where(point => point.Label != LabeledPoint.Noise)];
    }

    static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "harness.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
