using Harness.Torch;
using Suites.Clustering.Annotations;
using Suites.Clustering.Neural.PointSets;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>Annotated plots that a <see cref="PointSegmentation"/> learns from.</summary>
sealed class AnnotatedSets(IReadOnlyList<PointSet> sets, IReadOnlyList<long[]> annotations)
{
    /// <exception cref="TrainingFailedException">There is no plot, one has no annotations, or they do not say something of each
    /// point.</exception>
    /// <exception cref="HarnessException">A plot has no points, one is not finite, or has other than two coordinates.</exception>
    public static AnnotatedSets Of(IReadOnlyList<AnnotatedPlot> plots)
    {
        if (plots.Count == 0) throw new TrainingFailedException("There are no plots to learn from; give at least one.");
        PointSet[] sets = [.. plots.Select(SetOf)];
        return new(sets, [.. plots.Zip(sets, AnnotationsOf)]);
    }

    public static PointSet SetOf(AnnotatedPlot plot) => PointSet.Of(StandardPlot.Of(plot.Name, plot.Points));

    /// <summary>
    /// The mean loss of some plots. By chance, each is turned by a multiple of 90 degrees and mirrored or not, which leaves all groups as
    /// they are.
    /// </summary>
    /// <param name="plots">int64 [batch].</param>
    /// <param name="turns">Null: none is turned.</param>
    public Tensor Loss(PointSegmentation network, Tensor plots, SampleOrder? turns)
    {
        using var scope = NewDisposeScope();
        int[] chosen = [.. plots.data<long>().ToArray().Select(plot => (int)plot)];
        var batch = PointSetBatch.Of([.. chosen.Select(plot => sets[plot])]);
        var sizes = chosen.Select(plot => (long)sets[plot].Points.Count).ToArray();
        if (turns is not null) batch = batch with { Places = cat([.. batch.Places.split(sizes).Select(own => Turned(own, turns))]) };
        var probabilities = network.Forward(batch).softmax(1);
        var (sum, first) = (zeros([]), 0L);
        foreach (var (plot, points) in chosen.Zip(sizes))
        {
            var labels = tensor(annotations[plot], [annotations[plot].Length / points, points]);
            sum += PairLikelihood.Loss(probabilities.narrow(0, first, points), PairLikelihood.Together(labels));
            first += points;
        }
        return (sum / chosen.Length).MoveToOuterDisposeScope();
    }

    static Tensor Turned(Tensor places, SampleOrder chance)
    {
        var turn = chance.Below(8);
        var signs = tensor([(turn & 1) == 0 ? 1f : -1f, (turn & 2) == 0 ? 1f : -1f]);
        return ((turn & 4) == 0 ? places : places.flip(1)) * signs;
    }

    static long[] AnnotationsOf(AnnotatedPlot plot, PointSet set)
    {
        if (plot.Annotations.Count == 0)
            throw new TrainingFailedException($"The plot {plot.Name} has no annotations, so there is nothing to learn from it; give at "
                + "least one of each plot.");
        foreach (var labels in plot.Annotations)
            if (labels.Count != plot.Points.Count)
                throw new TrainingFailedException($"An annotation of the plot {plot.Name} has {labels.Count} labels for "
                    + $"{plot.Points.Count} points; it must have one for each.");
        return [.. plot.Annotations.SelectMany(labels => set.Order.Select(point => (long)labels[point]))];
    }
}
