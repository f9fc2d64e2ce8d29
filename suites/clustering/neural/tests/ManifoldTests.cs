using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Neural.Families;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests;

/// <summary>MLC on three curved lines in twelve dimensions, whose manifolds and labels are known.</summary>
public sealed class ManifoldTests
{
    const int Curves = 3, PointsOfEach = 80, Dimensions = 12;

    static readonly Mlc Family = new(Curves, EncoderForm.Perceptron, FeatureLength: 12, Spreading: 40, Separating: 40, BatchSize: 120);

    [Fact]
    public void Features_of_a_curve_become_a_subspace_and_coding_by_clusters_saves_more()
    {
        var points = Lines();
        TorchSession.Begin(seed: 1, threads: 1);
        var (scale, table) = PointScale.Of(points);
        using var tensor = scale.Tensor(table);
        using var network = new ManifoldNetwork(EncoderForm.Perceptron, Dimensions, Family.FeatureLength);
        var task = Family.Task(network);
        var context = Context();
        var (chance, curve) = (new SampleOrder(1), new Curve(context));
        task.Spread(tensor, new(Family.Spreading, Family.BatchSize, Family.LearningRate), chance, curve, context.Cancellation);
        network.CopyFeatureHead();
        var (before, ranksBefore) = (Reduction(network, task, tensor), Ranks(network, tensor));
        task.Separate(tensor, new(Family.Separating, Family.BatchSize, Family.LearningRate), chance, curve, context.Cancellation);
        var (after, ranksAfter) = (Reduction(network, task, tensor), Ranks(network, tensor));
        Assert.True(after > before, $"the reduction of the coding rate went from {before} to {after}");
        Assert.True(ranksAfter.OfCurves < ranksBefore.OfCurves, $"ranks of curves went from {ranksBefore} to {ranksAfter}");
        Assert.InRange(ranksAfter.OfAll, 0.5 * Family.FeatureLength, Family.FeatureLength);
    }

    static RunContext Context() => new(1, 1, new(Path.GetTempPath()), TimeProvider.System,
        new Harness.Testing.RecordingProgress<TrainingPoint>(), TestContext.Current.CancellationToken);

    static double Reduction(ManifoldNetwork network, ManifoldTask task, Tensor points)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var (rate, features) = (new CodingRate(Family.Precision), network.Encode(points).Features);
        return (rate.Of(features) - rate.Of(features, task.Membership(points))).item<float>();
    }

    // Numerical rank: the fewest directions that hold 95 % of the squares; the mean over curves, and of all points.
    static (double OfCurves, double OfAll) Ranks(ManifoldNetwork network, Tensor points)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var features = network.Encode(points).Features;
        return (Enumerable.Range(0, Curves).Average(curve => Rank(features[TensorIndex.Slice(curve, step: Curves)])), Rank(features));
    }

    static int Rank(Tensor features)
    {
        var squares = linalg.svdvals(features).square();
        return (squares.cumsum(0) / squares.sum()).data<float>().Count(share => share <= 0.95f) + 1;
    }

    // Point i lies on curve i mod 3: a half circle that winds through further dimensions, each in directions of its own that cross.
    static LabeledPoint[] Lines()
    {
        var chance = new Chance(7);
        double[][,] frames = [.. Enumerable.Range(0, Curves).Select(_ => Frame(chance))];
        return [.. Enumerable.Range(0, Curves * PointsOfEach).Select(at =>
        {
            var (curve, angle) = (at % Curves, Math.PI * chance.Unit());
            double[] inner = [Math.Cos(angle), Math.Sin(angle), 0.5 * Math.Cos(3 * angle), 0.5 * Math.Sin(3 * angle)];
            return new LabeledPoint(Enumerable.Range(0, Dimensions).Select(axis => Enumerable.Range(0, inner.Length)
                .Sum(of => frames[curve][axis, of] * inner[of]) + 0.01 * chance.Normal()).ToArray(), curve);
        })];
    }

    static double[,] Frame(Chance chance)
    {
        var frame = new double[Dimensions, 4];
        for (var axis = 0; axis < Dimensions; axis++)
            for (var of = 0; of < 4; of++) frame[axis, of] = chance.Normal() / Math.Sqrt(Dimensions);
        return frame;
    }
}
