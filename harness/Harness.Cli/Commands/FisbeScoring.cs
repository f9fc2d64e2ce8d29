using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Harness.Cli.Commands;

/// <summary>Scores samples one after the other and says how far it is.</summary>
sealed class FisbeScoring(FisbeChoices choices, Terminal terminal, CancellationToken cancellation)
{
    // Reading takes most of the time of a file that is packed; thinning the rest.
    const double ReadingShare = 0.6;

    int shown = -1;

    public RunScores Run(IReadOnlyList<SampleFiles> files)
    {
        var samples = files.Select((sample, index) => Score(sample, $"[{index + 1}/{files.Count}] {sample.Sample}")).ToList();
        if (terminal.ProgressDrawn) terminal.Messages.Write("\r" + new string(' ', 60) + "\r");
        return RunScores.Of(samples);
    }

    ScoredSample Score(SampleFiles files, string title)
    {
        var rules = ScoringRules.FlyLight with { Smallest = choices.Smallest, Partly = choices.IsPartly(files.Sample) };
        var truth = LabelFile.Open(files.Truth, choices.TruthKey);
        using var truthFile = truth as IDisposable;
        var prediction = LabelFile.Open(files.Prediction, choices.PredictionKey);
        using var predictionFile = prediction as IDisposable;
        var input = ScoringInput.Read(truth, prediction, rules, share => Show(title, "reading", ReadingShare * share), cancellation);
        if (input.Prediction.Count == 0 && !choices.AllowEmpty)
            throw new HarnessException($"{prediction.Name} holds no instance of more than {rules.Smallest} voxels. Check the key; "
                + "--smallest 0 keeps small ones, and --allow-empty scores it as a prediction that found nothing.");
        var scores = VolumeScorer.Score(input, rules, choices.Threads, share =>
            Show(title, "thinning", ReadingShare + (1 - ReadingShare) * share),
            cancellation);
        foreach (var row in scores.Instances.Where(row => row.SkeletonVoxels == 0))
            terminal.Say(
                $"{files.Sample}: {row.Side} {row.Id} of {row.Voxels} voxels has no centreline "
                + "(it thins to nothing), so it covers nothing");
        return new(files.Sample, rules.Partly, scores);
    }

    void Show(string title, string stage, double share)
    {
        var percent = (int)(100 * share);
        if (!terminal.ProgressDrawn || Interlocked.Exchange(ref shown, percent) == percent) return;
        lock (terminal) terminal.Messages.Write($"\r{title}  {stage} {percent} %".PadRight(60));
    }
}
