using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>
/// Which predictions cover which neurons, many to many. Where instances overlap the best pair is taken first and consumes what it covers:
/// centreline of the neuron and mask of the prediction are then gone for others.
/// </summary>
sealed class ManyToMany
{
    readonly float[,] _recall;
    readonly double _threshold;
    readonly Skeletons _skeletons;
    readonly IReadOnlyList<Mask> _truths, _predictions;
    readonly RevisableQueue<(int Truth, int Prediction)> _queue = new();
    readonly Dictionary<int, int[]> _leftOfTruth = [];
    readonly Dictionary<int, List<Mask>> _takenOfPrediction = [];

    ManyToMany(float[,] recall, double threshold, Skeletons skeletons, InstanceSet truth, InstanceSet prediction)
    {
        (_recall, _threshold, _skeletons) = (recall, threshold, skeletons);
        _truths = [.. truth.Instances.Select(instance => instance.Mask)];
        _predictions = [.. prediction.Instances.Select(instance => instance.Mask)];
    }

    /// <summary>Pairs in order of matching; the value is the centreline recall that was left when the pair was taken.</summary>
    public static IReadOnlyList<Match> Match(float[,] recall, double threshold, Skeletons skeletons, InstanceSet truth,
        InstanceSet prediction)
    {
        var matching = new ManyToMany(recall, threshold, skeletons, truth, prediction);
        return truth.Overlap.Count == 0 && prediction.Overlap.Count == 0 ? [.. matching.Candidates()] : matching.Consume();
    }

    /// <summary>Σ over neurons of how many predictions they have beyond the first.</summary>
    public static int FalseSplits(IEnumerable<Match> matches) => matches.GroupBy(match => match.Truth).Sum(group => group.Count() - 1);

    /// <summary>Σ over predictions of how many neurons they have beyond the first.</summary>
    public static int FalseMerges(IEnumerable<Match> matches) => matches.GroupBy(match => match.Prediction).Sum(group => group.Count() - 1);

    IEnumerable<Match> Candidates() =>
        from truth in Enumerable.Range(1, _truths.Count)
        from prediction in Enumerable.Range(1, _predictions.Count)
        where IsCandidate(truth, prediction)
        select new Match(truth, prediction, _recall[truth, prediction]);

    bool IsCandidate(int truth, int prediction) => _recall[truth, prediction] > (float)_threshold;

    List<Match> Consume()
    {
        foreach (var (truth, prediction, value) in Candidates()) _queue.Push((truth, prediction), -value);
        var matches = new List<Match>();
        while (_queue.TryPop(out var pair, out var priority))
        {
            var (truth, prediction) = pair;
            matches.Add(new(truth, prediction, -priority));
            _leftOfTruth[truth] = _predictions[prediction - 1].Outside(_leftOfTruth.GetValueOrDefault(truth)
                ?? _skeletons.Truth[truth - 1]);
            if (!_takenOfPrediction.TryGetValue(prediction, out var taken)) _takenOfPrediction[prediction] = taken = [];
            taken.Add(_truths[truth - 1]);
            for (var other = 1; other <= _predictions.Count; other++)
                if (IsCandidate(truth, other)) Revise((truth, other), _predictions[other - 1].CountOf(_leftOfTruth[truth]));
            for (var other = 1; other <= _truths.Count; other++)
                if (IsCandidate(other, prediction)) Revise((other, prediction), StillCovered(other, prediction));
        }
        return matches;
    }

    void Revise((int Truth, int Prediction) pair, int covered)
    {
        var value = covered / (double)Math.Max(1, _skeletons.Truth[pair.Truth - 1].Length);
        if (value > _threshold) _queue.Push(pair, -value);
        else _queue.StrikeOut(pair);
    }

    // What is left of a prediction is its mask without the neurons that it was matched with.
    int StillCovered(int truth, int prediction)
    {
        var taken = _takenOfPrediction[prediction];
        var mask = _predictions[prediction - 1];
        return _skeletons.Truth[truth - 1].Count(voxel => mask.Contains(voxel) && !taken.Exists(other => other.Contains(voxel)));
    }
}
