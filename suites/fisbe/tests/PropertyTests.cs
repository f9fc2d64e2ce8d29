using CsCheck;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

public sealed class PropertyTests
{
    static readonly VolumeShape Shape = new(14, 40, 40);
    static readonly Gen<Mask[]> Neurons = Gen.ULong.Select(Gen.Int[2, 5], (seed, count) => Draw(seed, count));

    static readonly Gen<(Mask[] Neurons, Mask[] Guesses)> Guesses = Neurons.Select(Gen.ULong, (neurons, seed) => (neurons,
        Draw(seed, 3).Zip(neurons, (one, other) => one.Union(other)).Append(neurons[0].Except(neurons[1])).ToArray()));

    /// <summary>But for a neuron whose centreline lies inside another one: coverage gives each prediction to one neuron, the first of
    /// equals.</summary>
    [Fact]
    public void The_ground_truth_as_prediction_scores_one() => Neurons.Sample(neurons =>
    {
        if (neurons.Any(inner => neurons.Any(outer =>
            inner != outer && outer.Outside(Thinning.Skeleton(inner, Shape)).Length == 0))) return;
        var scores = Score(neurons, neurons);
        Assert.Equal((1.0, 1.0, 1.0, 1.0), (scores.S, scores.AverageF1, scores.Coverage.Mean, scores.ClDiceOfMatches));
        Assert.Equal(neurons.Length, scores.Matches.Count);
    }, iter: 40);

    [Fact]
    public void Cutting_a_neuron_in_two_raises_false_splits_and_never_S() => Neurons.Sample(neurons =>
    {
        var apart = Separate(neurons);
        var skeleton = Thinning.Skeleton(apart[0], Shape);
        var middle = skeleton[skeleton.Length / 2];
        var (low, high) = (Mask.Of(apart[0].Voxels().Where(voxel => voxel < middle)),
            Mask.Of(apart[0].Voxels().Where(voxel => voxel >= middle)));
        var whole = Score(apart, apart);
        var cut = Score(apart, [low, high, .. apart[1..]]);
        Assert.True(cut.FalseSplits >= whole.FalseSplits + 1, $"{cut.FalseSplits} after, {whole.FalseSplits} before");
        Assert.True(cut.S <= whole.S);
    }, iter: 40);

    [Fact]
    public void Merging_two_neurons_raises_false_merges_and_lowers_S() => Neurons.Sample(neurons =>
    {
        var apart = Separate(neurons);
        var whole = Score(apart, apart);
        var merged = Score(apart, [apart[0].Union(apart[1]), .. apart[2..]]);
        Assert.True(merged.FalseMerges >= whole.FalseMerges + 1, $"{merged.FalseMerges} after, {whole.FalseMerges} before");
        Assert.True(merged.S < whole.S);
    }, iter: 40);

    /// <summary>Among equal recalls the official evaluator takes the first prediction first, so that only distinct ones are free of
    /// order.</summary>
    [Fact]
    public void The_order_of_predictions_does_not_matter_where_no_two_are_equally_good() => Guesses.Sample(drawn =>
    {
        var (truth, guesses) = (InstanceSet.Of(Shape, drawn.Neurons), InstanceSet.Of(Shape, drawn.Guesses));
        var recalls = Localisation.Of(Skeletons.Of(truth, guesses, 1, null, default), truth, guesses).Recall.Cast<float>()
            .Where(value => value > 0);
        if (recalls.GroupBy(value => value).Any(group => group.Count() > 1)) return;
        AssertSame(Score(drawn.Neurons, drawn.Guesses), Score(drawn.Neurons, drawn.Guesses.Reverse()));
    }, iter: 200);

    [Fact]
    public void The_names_of_instances_do_not_matter() => Guesses.Select(Gen.Int[2, 1000]).Sample((drawn, factor) =>
    {
        LabelMask[] Named(Mask[] masks, int offset) => [.. masks.Select((mask, index) => new LabelMask(0, index * factor + offset, mask))];
        var renamed = VolumeScorer.Score(new(InstanceSet.Of(Shape, Named(drawn.Neurons, 7)),
            InstanceSet.Of(Shape, Named(drawn.Guesses, factor)), []),
            ScoringRules.FlyLight, threads: 1);
        AssertSame(Score(drawn.Neurons, drawn.Guesses), renamed);
    }, iter: 20);

    [Fact]
    public void Moving_everything_by_a_voxel_changes_nothing() => Neurons.Sample(neurons =>
    {
        Mask Inner(Mask mask) => Mask.Of(mask.Voxels().Where(voxel => Shape.Position(voxel) is { Z: > 0 and < 13, Y: > 0 and < 39,
            X: > 0 and < 39 }));
        Mask Moved(Mask mask) => mask.Shift(Shape, 1, -1, 1);
        var inner = neurons.Select(Inner).Where(mask => mask.Count > 0).ToArray();
        if (inner.Length < 2) return;
        Mask[] prediction = [inner[0].Union(inner[1]), .. inner];
        var (one, other) = (Score(inner, prediction), Score([.. inner.Select(Moved)], [.. prediction.Select(Moved)]));
        Assert.Equal((one.S, one.FalseMerges, one.FalseSplits), (other.S, other.FalseMerges, other.FalseSplits));
    }, iter: 40);

    [Fact]
    public void Set_operations_on_runs_agree_with_sets() => Gen.Select(Gen.Int[0, 60].Array[0, 40], Gen.Int[0, 60].Array[0, 40])
        .Sample((one, other) =>
    {
        var (first, second) = (one.Order().Distinct().ToArray(), other.Order().Distinct().ToArray());
        var (a, b) = (Mask.Of(first), Mask.Of(second));
        Assert.Equal(first.Union(second).Order(), a.Union(b).Voxels());
        Assert.Equal(first.Intersect(second), a.Intersect(b).Voxels());
        Assert.Equal(first.Except(second), a.Except(b).Voxels());
        Assert.Equal(first.Except(second), b.Outside(first));
        Assert.Equal(first.Intersect(second).Count(), b.CountOf(first));
        Assert.Equal(first.Length, a.Count);
    });

    static VolumeScores Score(IEnumerable<Mask> truth, IEnumerable<Mask> prediction) => VolumeScorer.Score(
        new(InstanceSet.Of(Shape, truth), InstanceSet.Of(Shape, prediction), []), ScoringRules.FlyLight, threads: 1);

    static void AssertSame(VolumeScores one, VolumeScores other) => Assert.Equal(
        (one.S, one.AverageF1, one.Coverage.Mean, one.ClDiceOfMatches, one.FalseMerges, one.FalseSplits),
        (other.S, other.AverageF1, other.Coverage.Mean, other.ClDiceOfMatches, other.FalseMerges, other.FalseSplits));

    // Without shared voxels a merge or a split cannot hide behind another neuron.
    static Mask[] Separate(Mask[] neurons)
    {
        var rows = new[] { 5, 15, 25, 35, 38 };
        return [.. neurons.Select((neuron, index) => Mask.Of(Enumerable.Range(0, (int)Shape.Voxels).Where(voxel =>
            Shape.Position(voxel) is var at && Math.Abs(at.Y - rows[index]) <= 1 && Math.Abs(at.Z - 6 - neuron.Count % 3) <= 1
                && at.X is >= 3 and < 36)))];
    }

    // A few compact shapes thin to nothing (in scikit-image too) and then cover nothing; neurons do not.
    static Mask[] Draw(ulong seed, int count)
    {
        var drawing = new Drawing(seed);
        var neurons = new List<Mask>();
        while (neurons.Count < count)
        {
            var neuron = Drawing.MaskOf(drawing.Walk(Shape, 1 + drawing.Below(2), 30 + drawing.Below(60),
                (drawing.Below(14), drawing.Below(40), drawing.Below(40))));
            if (Thinning.Skeleton(neuron, Shape).Length > 0) neurons.Add(neuron);
        }
        return [.. neurons];
    }
}
