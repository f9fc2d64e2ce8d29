using System.CommandLine;
using Suites.Fisbe.Scoring;

namespace Harness.Cli.Commands;

/// <summary>What decides a score besides the files.</summary>
/// <param name="Partly">Whether all samples are partly labelled; null where <paramref name="List"/> says it of each.</param>
sealed record FisbeChoices(string PredictionKey, string TruthKey, bool? Partly, SampleList? List, int Smallest, bool AllowEmpty,
    int Threads)
{
    public bool IsPartly(string sample) => Partly ?? List!.IsPartly(sample);
}

/// <summary>The options that scoring commands share.</summary>
sealed class FisbeOptions
{
    readonly Option<string> predictionKey = new("--prediction-key")
    { Description = "Array in the prediction's file.", DefaultValueFactory = _ => "volumes/gmm_label_cleaned" };
    readonly Option<string> truthKey = new("--truth-key")
    { Description = "Array in the ground truth's file.", DefaultValueFactory = _ => "volumes/gt_instances" };
    readonly Option<FileInfo?> list = new("--list")
    { Description = "The official sample_list_per_split.txt: says which samples are partly labelled." };
    readonly Option<bool> partly = new("--partly") { Description =
        "All samples are partly labelled: predictions in unlabelled places are no errors." };
    readonly Option<int> smallest = new("--smallest")
    { Description = "Predictions of at most so many voxels are dropped.", DefaultValueFactory = _ => ScoringRules.FlyLight.Smallest };
    readonly Option<bool> allowEmpty = new("--allow-empty") { Description =
        "Score a prediction without instances instead of refusing it." };
    readonly Option<DirectoryInfo?> output = new("--output") { Description = "Folder for TOML and CSV files in the official layout." };
    readonly Option<int> threads = new("--threads") { Description = "Threads to use.", DefaultValueFactory = _ =>
        Environment.ProcessorCount };

    public IEnumerable<Option> All => [predictionKey, truthKey, list, partly, smallest, allowEmpty, output, threads];

    public DirectoryInfo? OutputOf(ParseResult parsed) => parsed.GetValue(output);

    /// <exception cref="HarnessException">Options that contradict each other, or values out of range.</exception>
    public FisbeChoices Of(ParseResult parsed)
    {
        var names = parsed.GetValue(list);
        if (names is not null && parsed.GetValue(partly))
            throw new HarnessException("--list says of each sample whether it is partly labelled; leave --partly out.");
        if (names is { Exists: false }) throw new HarnessException($"The list of samples {names.FullName} does not exist.");
        if (parsed.GetValue(smallest) < 0) throw new HarnessException(
            $"--smallest {parsed.GetValue(smallest)} is negative; 0 keeps every prediction.");
        if (parsed.GetValue(threads) < 1) throw new HarnessException($"--threads {parsed.GetValue(threads)}: at least 1 is needed.");
        return new(parsed.GetValue(predictionKey)!, parsed.GetValue(truthKey)!, names is null ? parsed.GetValue(partly) : null,
            names is null ? null : SampleList.Parse(names.FullName, File.ReadLines(names.FullName)), parsed.GetValue(smallest),
            parsed.GetValue(allowEmpty), parsed.GetValue(threads));
    }
}
