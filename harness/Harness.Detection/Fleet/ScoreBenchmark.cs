using Harness.Detection.Deciding;
using Harness.Detection.Scoring;
using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>How often a loss of accuracy is seen: two builds answer the same samples, and a few answers flip either way.</summary>
/// <param name="Lost">Share of samples that were right and are wrong.</param>
/// <param name="Won">Share of samples that were wrong and are right.</param>
public sealed record ScoreBenchmark(int Samples = 2264, double Accuracy = 0.8, double Lost = 0.02, double Won = 0.01)
{
    /// <summary>Share of trials whose verdict is worse.</summary>
    public double Flagged(int trials, DetectionPolicy policy, string seed)
    {
        var chance = Chance.From(seed);
        return Enumerable.Range(0, trials).Count(_ => IsFlagged(policy, chance)) / (double)trials;
    }

    bool IsFlagged(DetectionPolicy policy, Chance chance)
    {
        var (first, second) = (new bool[Samples], new bool[Samples]);
        for (var sample = 0; sample < Samples; sample++)
        {
            var draw = chance.Unit();
            first[sample] = draw < Lost || (draw >= Lost + Won && chance.Happens((Accuracy - Lost) / (1 - Lost - Won)));
            second[sample] = (draw >= Lost && draw < Lost + Won) || (draw >= Lost + Won && first[sample]);
        }
        var pair = new ScorePair("simulated", Direction.Higher, PairedComparison.OfCorrect(first, second, policy.ScoreMargin));
        return ScoreJudge.Judge([pair], policy)[0].Verdict == Verdict.Worse;
    }
}
