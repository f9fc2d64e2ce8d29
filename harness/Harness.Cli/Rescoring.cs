using Harness.Results;

namespace Harness.Cli;

/// <summary>Compares what run.json says with what the stored predictions give: an edited score is found even if every hash fits.</summary>
static class Rescoring
{
    public static async Task<IReadOnlyList<ResultProblem>> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        var problems = new List<ResultProblem>();
        var (checkedRuns, skipped) = (0, 0);
        foreach (var run in await Stores.ReadAllAsync(workspace, new(State: RunState.Ok), cancellation))
        {
            if (run.Provenance.Purpose == "imported" || !await AddAsync(workspace, run.RunId, problems, cancellation)) skipped++;
            else checkedRuns++;
        }
        workspace.Terminal.Say($"{checkedRuns} runs scored again, {skipped} without stored predictions or imported");
        return problems;
    }

    static async Task<bool> AddAsync(Workspace workspace, string id, List<ResultProblem> problems, CancellationToken cancellation)
    {
        var run = await Stores.FindAsync(workspace, id, detail: true, cancellation);
        if (run.Samples.Count == 0) return false;
        var known = workspace.Catalogue.Benchmark(run.Trial.Suite, run.Trial.Benchmark).Dataset(run.Trial.Protocol).Card;
        if (run.Dataset is not null && CanonicalJson.Hash(run.Dataset) != CanonicalJson.Hash(known))
            problems.Add(new(id, "run.json", $"it pins other files or counts than this harness does for {run.Trial.Protocol}."));
        var again = await Devices.Scorer(workspace).RescoreAsync(run, cancellation);
        problems.AddRange(Compare(run, again));
        return true;
    }

    /// <summary>Only numbers of the same metric and version compare; a metric that has a newer version since is left out.</summary>
    public static IEnumerable<ResultProblem> Compare(RunRecord stored, RunRecord again)
    {
        if (again.State != stored.State)
            yield return new(stored.RunId, "samples.parquet", $"its predictions cannot be scored: {again.Reason}");
        var wrong = stored.Samples.OrderBy(row => row.Sample).Zip(again.Samples)
            .Count(pair => pair.First.Target != pair.Second.Target || pair.First.Correct != pair.Second.Correct);
        if (wrong > 0)
            yield return new(stored.RunId, "samples.parquet",
                $"{wrong} of {stored.Samples.Count} targets are not those of {stored.Trial.Protocol}: another shard of the data was used.");
        foreach (var metric in stored.Metrics)
            if (again.Metrics.FirstOrDefault(other => other.Metric == metric.Metric && other.Version == metric.Version) is { } fresh
                && fresh.Value != metric.Value)
                yield return new(stored.RunId, "run.json",
                    $"it says {metric.Metric} is {metric.Value:R}, but its predictions and timings give {fresh.Value:R}.");
    }
}
