using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>What became of every single neuron and every single prediction.</summary>
static class InstanceTable
{
    public static IReadOnlyList<InstanceScores> Of(InstanceSet truth, InstanceSet prediction, Skeletons skeletons,
        Localisation localisation,
        IReadOnlyList<Match> matches, IReadOnlyList<Match> merges, IReadOnlyList<Match> splits)
    {
        var clDice = localisation.ClDice;
        var neurons = truth.Instances.Select(instance =>
        {
            var best = Best(Enumerable.Range(1, prediction.Count), column => clDice[instance.Id, column]);
            return Row("truth", instance, skeletons.Truth, best, clDice[instance.Id, best], 1.0 - localisation.Recall[instance.Id, 0],
                matches.FirstOrDefault(match => match.Truth == instance.Id)?.Prediction,
                splits.Where(match => match.Truth == instance.Id).Select(match => match.Prediction));
        });
        var predictions = prediction.Instances.Select(instance =>
        {
            var best = Best(Enumerable.Range(1, truth.Count), row => clDice[row, instance.Id]);
            return Row("prediction", instance, skeletons.Prediction, best, clDice[best, instance.Id],
                1.0 - localisation.Precision[0, instance.Id],
                matches.FirstOrDefault(match => match.Prediction == instance.Id)?.Truth,
                merges.Where(match => match.Prediction == instance.Id).Select(match => match.Truth));
        });
        return [.. neurons, .. predictions];
    }

    static int Best(IEnumerable<int> ids, Func<int, float> value) => ids.Where(id => value(id) > 0).OrderByDescending(value)
        .FirstOrDefault();

    static InstanceScores Row(string side, Instance instance, IReadOnlyList<int[]> skeletons, int other, double clDice, double overlapped,
        int? matched, IEnumerable<int> pieces) =>
        new(side, instance.Id, instance.Channel, instance.Label, instance.Mask.Count, skeletons[instance.Id - 1].Length, other, clDice,
            skeletons[instance.Id - 1].Length == 0 ? 0 : overlapped, matched ?? 0, [.. pieces]);
}
