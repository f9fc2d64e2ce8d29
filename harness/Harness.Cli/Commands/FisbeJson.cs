using Suites.Fisbe.Scoring;

namespace Harness.Cli.Commands;

/// <summary>Scores as JSON, for programs that call the harness.</summary>
static class FisbeJson
{
    public sealed record Numbers(string Name, double S, double AvF1, double Coverage, double ClDice, double TruePositiveShare,
        int FalseSplits,
        int FalseMerges, int Neurons, int Predicted);
    public sealed record Sample(Numbers Scores, bool Partly, IReadOnlyList<ThresholdScores> Thresholds,
        IReadOnlyList<InstanceScores> Instances,
        IReadOnlyList<Match> Matches, IReadOnlyList<Match> SplitMatches, IReadOnlyList<Match> MergeMatches);
    public sealed record Run(IReadOnlyList<Sample> Samples, Numbers? Complete, Numbers? Partly, Numbers Combined);

    public static Run Of(RunScores run) => new([.. run.Samples.Select(sample => new Sample(Of(sample.Name, SetScores.Of([sample.Scores])),
        sample.Partly,
        sample.Scores.Thresholds, sample.Scores.Instances, sample.Scores.Matches, sample.Scores.SplitMatches, sample.Scores.MergeMatches))],
        run.Complete is null ? null : Of("complete", run.Complete), run.Partly is null ? null : Of("partly", run.Partly),
            Of("combined", run.Combined));

    static Numbers Of(string name, SetScores scores) => new(name, scores.S, scores.AverageF1, scores.Coverage, scores.ClDiceOfMatches,
        scores.TruePositiveShare, scores.FalseSplits, scores.FalseMerges, scores.Truths, scores.Predictions);
}
