using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Annotations;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.PointSets;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Families;

/// <summary>
/// A network from the points of a scatterplot to clusters as a group of annotators sees them. Layers, sizes and schedule are choices made
/// here, and here nobody annotated: it learns from <see cref="AnnotatedPlots"/>.
/// </summary>
/// <param name="Slots">Clusters that it can tell apart in one plot.</param>
/// <param name="Turns">Whether plots are turned and mirrored in training.</param>
/// <param name="BatchSize">Plots of a step.</param>
public sealed record ClusterNet([property: Range(2, 1000)] int Slots = 10, bool Turns = true,
    [property: Range(1, 100_000)] int Epochs = 60, [property: Range(1, 4096)] int BatchSize = 8,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 2e-3)
    : IModelFamily<AnnotatedPlot, PlotPartition>
{
    public FamilyCard Card => new("clusternet-reconstruction", 1, "ClusterNet, reconstructed")
    {
        Kind = "ann",
        Summary = "PointNet++ in the plane, trained on pairs of points that annotators call one cluster or two; here annotators are "
            + "simulated.",
        Paper = "Hartwig, van Onzenoodt, Engel, Hermosilla, Ropinski: HPSCAN: human perception-based scattered data clustering, Computer "
            + "Graphics Forum 44, 2025 (ClusterNet in its first versions)",
        Link = "https://arxiv.org/abs/2304.14185",
        Equations = """
            p_i = softmax over slots of PointNet++ at point i, q_ij = share of annotators to whom i and j are one cluster
            minimise -mean over pairs of q_ij log(p_i . p_j) + (1 - q_ij) log(1 - p_i . p_j)
            cluster of i: argmax of p_i
            """,
    };

    /// <exception cref="TrainingFailedException">There is no plot, one has no annotations or not one of each point, or training
    /// diverged.</exception>
    public IModel<AnnotatedPlot, PlotPartition> Prepare(TrainingData<AnnotatedPlot> data, RunContext context)
    {
        var sets = AnnotatedSets.Of(data.Training);
        TorchSession.Begin(context.Seed, context.Threads);
        var network = new PointSegmentation(Slots);
        try
        {
            using var plots = arange(data.Training.Count, int64);
            var chance = new SampleOrder(context.Seed);
            new Schedule(Epochs, BatchSize, LearningRate).Train(network, plots,
                (batch, _) => sets.Loss(network, batch, Turns ? chance : null), chance, new Curve(context), context.Cancellation);
            return new Model(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    sealed class Model(PointSegmentation network) : IModel<AnnotatedPlot, PlotPartition>
    {
        bool _disposed;

        public Footprint Footprint { get; } = ModuleSize.Footprint(network);

        /// <exception cref="HarnessException">A plot has no points, one is not finite, or has other than two coordinates.</exception>
        public IReadOnlyList<PlotPartition> Predict(IReadOnlyList<AnnotatedPlot> batch)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return [.. batch.Select(Partition)];
        }

        // One plot at a time: no answer depends on others.
        PlotPartition Partition(AnnotatedPlot plot)
        {
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            var set = AnnotatedSets.SetOf(plot);
            var slots = network.Forward(PointSetBatch.Of([set])).argmax(1).data<long>().ToArray();
            return new(set.Restored(Array.ConvertAll(slots, slot => (int)slot)));
        }

        public OperationCounts Count(IReadOnlyList<AnnotatedPlot> batch)
        {
            var each = batch.Select(plot => network.Operations(AnnotatedSets.SetOf(plot))).ToArray();
            return new([.. each[0].Select((layer, at) => layer with
            {
                Macs = each.Average(layers => layers[at].Macs), DenseOperations = each.Average(layers => layers[at].DenseOperations),
            })], batch.Count);
        }

        public void Dispose()
        {
            if (!_disposed) network.Dispose();
            _disposed = true;
        }
    }
}
