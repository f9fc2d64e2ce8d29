namespace Suites.Fisbe.Scoring;

/// <summary>A neuron and a prediction that belong together, with the number that says so.</summary>
public sealed record Match(int Truth, int Prediction, double Value);

/// <summary>Greedy one-to-one matching: the best pair first, as long as both are free.</summary>
static class OneToOne
{
    /// <summary>The accepted pairs in order of acceptance: clDice falling, then neuron, then prediction rising.</summary>
    public static IReadOnlyList<Match> Match(float[,] clDice, double threshold)
    {
        var (truths, predictions) = (clDice.GetLength(0), clDice.GetLength(1));
        // The evaluator compares single precision numbers with the threshold in single precision.
        var limit = (float)threshold;
        var pairs = from truth in Enumerable.Range(1, truths - 1)
                    from prediction in Enumerable.Range(1, predictions - 1)
                    where clDice[truth, prediction] > limit
                    orderby clDice[truth, prediction] descending, truth, prediction
                    select new Match(truth, prediction, clDice[truth, prediction]);
        var (truthTaken, predictionTaken) = (new bool[truths], new bool[predictions]);
        var accepted = new List<Match>();
        foreach (var pair in pairs)
        {
            if (truthTaken[pair.Truth] || predictionTaken[pair.Prediction]) continue;
            truthTaken[pair.Truth] = predictionTaken[pair.Prediction] = true;
            accepted.Add(pair);
        }
        return accepted;
    }
}
