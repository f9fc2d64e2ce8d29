using System.Runtime.CompilerServices;
using Harness.Datasets.Fisbe;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Metrics;

/// <summary>One number of the official evaluation, pooled over the neurons of all samples.</summary>
public sealed class InstanceMetric : IMetric<NeuronVolume, NeuronPrediction>
{
    /// <summary>Synthetic volumes and crops are small: what is noise in a whole brain may be a neuron here.</summary>
    public static ScoringRules Rules { get; } = ScoringRules.FlyLight with { Smallest = 100 };

    // Seven metrics and a thousand bootstrap draws ask for the same scores.
    static readonly ConditionalWeakTable<NeuronPrediction, Known> Scores = [];

    readonly Func<SetScores, double> _number;

    InstanceMetric(string id, string title, string unit, Direction direction, string definition, Func<SetScores, double> number)
    {
        _number = number;
        Card = new(id, 1, title, unit, direction)
        {
            Definition = definition + $" Predicted instances of at most {Rules.Smallest} voxels are dropped.",
            Source = "Mais, Hirsch et al.: FISBe, CVPR 2024; Kainmueller-Lab/evaluate-instance-segmentation, preset flylight",
            Interval = direction == Direction.Lower ? IntervalRule.None : IntervalRule.Bootstrap,
        };
    }

    public static InstanceMetric S { get; } = new("fisbe-s", "S", "1", Direction.Higher, "0.5 avF1 + 0.5 C.", scores => scores.S);

    public static InstanceMetric AverageF1 { get; } = new("avf1-cldice", "avF1", "1", Direction.Higher,
        "F1 of greedy one-to-one matches by clDice, mean over the thresholds 0.1 to 0.9.", scores => scores.AverageF1);

    public static InstanceMetric Coverage { get; } = new("coverage", "C", "1", Direction.Higher,
        "Mean share of a neuron's centreline inside the predictions that lie in it more than in any other neuron or in background.",
        scores => scores.Coverage);

    public static InstanceMetric ClDice { get; } = new("cldice-tp", "clDice_TP", "1", Direction.Higher,
        "Mean clDice of the matches above 0.5; 0 without any.", scores => scores.ClDiceOfMatches);

    public static InstanceMetric TruePositives { get; } = new("true-positives", "tp", "1", Direction.Higher,
        "Share of neurons with a match above clDice 0.5.", scores => scores.TruePositiveShare);

    public static InstanceMetric FalseSplits { get; } = new("false-splits", "FS", "1", Direction.Lower,
        "False splits: predictions of a neuron beyond its first, many to many with consumption, centreline recall above 0.05.",
        scores => scores.FalseSplits);

    public static InstanceMetric FalseMerges { get; } = new("false-merges", "FM", "1", Direction.Lower,
        "False merges: neurons of a prediction beyond its first, many to many with consumption, centreline recall above 0.1.",
        scores => scores.FalseMerges);

    public MetricCard Card { get; }

    public ITally<NeuronVolume, NeuronPrediction> Begin() => new Tally(_number);

    /// <summary>All scores of one sample.</summary>
    /// <exception cref="ArgumentException">A mask that is no mask of this volume.</exception>
    public static VolumeScores Score(NeuronVolume sample, NeuronPrediction prediction)
    {
        if (Scores.TryGetValue(prediction, out var known) && ReferenceEquals(known.Sample, sample)) return known.Scores;
        var truth = Truth.Of(sample);
        var found = prediction.Masks.Select(text => MaskText.Read(text, truth.Shape)).Where(mask => mask.Count > Rules.Smallest);
        var rules = Rules with { Partly = !sample.Complete };
        var scores = VolumeScorer.Score(new(truth, InstanceSet.Of(truth.Shape, found), Truth.DimOf(sample, truth)), rules, threads: 1);
        Scores.AddOrUpdate(prediction, new(sample, scores));
        return scores;
    }

    sealed record Known(NeuronVolume Sample, VolumeScores Scores);

    sealed class Tally(Func<SetScores, double> number) : ITally<NeuronVolume, NeuronPrediction>
    {
        readonly List<VolumeScores> _volumes = [];

        public void Add(NeuronVolume sample, NeuronPrediction prediction) => _volumes.Add(Score(sample, prediction));

        public double Total() => _volumes.Count == 0 ? double.NaN : number(SetScores.Of(_volumes));
    }
}
