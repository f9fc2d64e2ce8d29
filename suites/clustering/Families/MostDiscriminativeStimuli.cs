using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Spectra;
using Suites.Clustering.Stimuli;

namespace Suites.Clustering.Families;

/// <summary>
/// Most discriminative stimuli: points are filters of neurons, and a cluster is what one stimulus drives more than every other one.
/// The number of clusters is found: clusters that no neuron chooses go, clusters whose halves are told apart better are split. A new neuron
/// is known by its responses to the stimuli alone.
/// </summary>
/// <param name="Clusters">To begin with; at most as many as there are points.</param>
/// <param name="Curve">From what a filter sees to a response.</param>
/// <param name="Temperature">In standardised responses; lower sees finer differences, in the end those of noise.</param>
/// <param name="Contrast">Root mean square of a stimulus at most.</param>
/// <param name="Steps">Of every stimulus before neurons choose.</param>
/// <param name="MaxIterations">How often neurons choose before clusters are split.</param>
public sealed record MostDiscriminativeStimuli([property: Range(1, 1000)] int Clusters = 10,
    ResponseCurve Curve = ResponseCurve.Softplus, [property: Range(0.0, 1e6, MinimumIsExclusive = true)] double Temperature = 6,
    [property: Range(0.0, 1e6, MinimumIsExclusive = true)] double Contrast = 1, [property: Range(1, 10_000)] int Steps = 50,
    [property: Range(1, 10_000)] int MaxIterations = 10) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    const int JudgingSteps = 20, HalvingSteps = 50, FinalSteps = 100;

    public FamilyCard Card => new("most-discriminative-stimuli", 1, "Most discriminative stimuli")
    {
        Kind = "classical",
        Summary = "Neurons are clustered by the stimuli that tell them apart; points are their filters.",
        Paper = "Burg et al.: Most discriminative stimuli for functional cell type clustering, ICLR 2024",
        Link = "https://arxiv.org/abs/2401.05342",
        Equations = """
            response r_n(s) = (f(w_n s) - mean) / max(deviation, 0.1) over drawn stimuli, f linear or softplus
            J_c(s) = r_c / t - log sum over k of exp(r_k / t) + log K, r_k the mean over cluster k
            in turns: s_c climbs J_c, |s| bounded; cluster(n) = argmax over c of r_n(s_c); empty clusters go
            split c in two where the mean of J rises
            """,
    };

    /// <exception cref="TrainingFailedException">There are fewer points than clusters, or one is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        if (points.Count < Clusters)
            throw new TrainingFailedException($"clusters is {Clusters}, but there are only {points.Count} points; allowed is "
                + $"1..{points.Count}.");
        var (chance, cancellation) = (new Chance(unchecked((ulong)context.Seed)), context.Cancellation);
        var neurons = new Neurons(points, Curve, Contrast, chance);
        var clusters = StimulusClusters.Drawn(neurons, [.. Enumerable.Range(0, points.Count)], Clusters, Temperature, chance);
        var (began, epoch) = (context.Time.GetTimestamp(), 0);
        for (var moved = true; moved && epoch < MaxIterations;)
        {
            clusters.Climb(Steps, cancellation);
            moved = clusters.Reassign();
            context.Progress.Report(new(++epoch, -clusters.Objective(), null, context.Time.GetElapsedTime(began).TotalSeconds));
        }
        while (SplitOrNull(clusters, neurons, chance, cancellation) is { } split) clusters = split;
        clusters.Climb(FinalSteps, cancellation);
        return new StimulusModel(clusters.Stimuli, points.Dimensions);
    }

    // Judged as the others are: with stimuli that climb from nothing.
    StimulusClusters? SplitOrNull(StimulusClusters clusters, Neurons neurons, Chance chance, CancellationToken cancellation)
    {
        var whole = clusters.With(clusters.Assignment);
        whole.Climb(JudgingSteps, cancellation);
        for (var cluster = 0; cluster < clusters.Count; cluster++)
        {
            int[] members = [.. Enumerable.Range(0, clusters.Assignment.Length).Where(one => clusters.Assignment[one] == cluster)];
            if (members.Length < 2) continue;
            var halves = StimulusClusters.Drawn(neurons, members, 2, Temperature, chance);
            for (var step = 0; step < HalvingSteps && halves.Count == 2; step++)
            {
                halves.Climb(1, cancellation);
                halves.Reassign();
            }
            if (halves.Count < 2) continue;
            var assignment = (int[])clusters.Assignment.Clone();
            foreach (var (place, member) in members.Index())
                if (halves.Assignment[place] == 1) assignment[member] = clusters.Count;
            var split = clusters.With(assignment);
            split.Climb(JudgingSteps, cancellation);
            split.Reassign();
            split.Climb(JudgingSteps, cancellation);
            if (split.Objective() > whole.Objective() + 1e-9) return split;
        }
        return null;
    }
}

sealed class StimulusModel(double[][] stimuli, int dimensions) : IModel<LabeledPoint, ClusterPrediction>
{
    public Footprint Footprint { get; } =
        new((long)stimuli.Length * dimensions, (long)stimuli.Length * dimensions * sizeof(double), 64);

    /// <summary>Which stimulus drives a neuron most: its curve rises, so that what its filter sees decides.</summary>
    /// <exception cref="HarnessException">A point is not finite or has another dimension than the stimuli.</exception>
    public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch)
    {
        var points = PointTable.ForPrediction(batch, dimensions);
        return [.. Enumerable.Range(0, points.Count).Select(point => new ClusterPrediction(
            Enumerable.Range(0, stimuli.Length).MaxBy(cluster => Subspace.Dot(points[point], stimuli[cluster]))))];
    }

    public OperationCounts Count(IReadOnlyList<LabeledPoint> batch)
    {
        double macs = Footprint.Parameters;
        return new([new("responses", "distance", macs, 0, macs) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }
}
