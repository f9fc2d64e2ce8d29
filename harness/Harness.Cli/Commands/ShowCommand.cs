using System.CommandLine;

namespace Harness.Cli.Commands;

/// <summary>Shows the newest runs, or everything known about one.</summary>
static class ShowCommand
{
    public static Command Create(Settings settings)
    {
        var run = new Argument<string?>("run") { Description = "Run id, the end of one, or `latest`; without it the newest runs.",
            Arity = ArgumentArity.ZeroOrOne };
        var last = new Option<int>("--last") { Description = "How many of the newest runs to list.", DefaultValueFactory = _ => 20 };
        var samples = new Option<bool>("--samples") { Description = "Print every stored prediction of the run." };
        var command = new Command("show", "Show the newest runs, or one run with its metrics and origin.") { run, last, samples };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            if (parsed.GetValue(run) is { } word)
                Print(workspace, await Stores.FindAsync(workspace, word, parsed.GetValue(samples), cancellation), parsed.GetValue(samples));
            else PrintRuns(workspace, await Stores.NewestAsync(workspace, parsed.GetValue(last), cancellation));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>A table of runs; on which device each one ran is a column where there are several.</summary>
    public static void PrintRuns(Workspace workspace, IReadOnlyList<RunRecord> runs)
    {
        var several = runs.Select(run => run.Device.Id).Distinct(StringComparer.Ordinal).Skip(1).Any();
        string[] Device(string word) => several ? [word] : [];
        workspace.Print(["run", "protocol", "family", "seed", .. Device("device"), "state", "score", "interval", "samples/s", "train"],
            runs.Select(Row), row => [row.Run[^6..], row.Protocol, row.Family, $"{row.Seed}", .. Device(row.Device), Words(row), row.Score,
                row.Interval, row.Speed, row.Train]);
    }

    static RunRow Row(RunRecord run)
    {
        var primary = run.Metrics.FirstOrDefault(metric => metric.Primary);
        return new(run.RunId, run.Trial.Protocol, run.Trial.Family, run.Trial.Seed, run.Device.Id, run.State, run.Reason,
            primary is null ? "–" : $"{Numbers.Of(primary.Value, primary.Unit)} {primary.Metric}",
            primary is { Low: { } low, High: { } high } ? $"{Numbers.Of(low, primary.Unit)} to {Numbers.Of(high, primary.Unit)}" : "–",
            Value(run, "speed.samples_per_second"), Value(run, "time.train"))
        {
            Metrics = run.Metrics.GroupBy(metric => metric.Metric).ToDictionary(group => group.Key, group => group.First().Value),
        };
    }

    sealed record RunRow(string Run, string Protocol, string Family, int Seed, string Device, RunState State, string? Reason, string Score,
        string Interval, string Speed, string Train)
    {
        public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
    }

    static string Value(RunRecord run, string id) =>
        run.Metrics.FirstOrDefault(metric => metric.Metric == id) is { } metric ? Numbers.Of(metric.Value, metric.Unit) : "–";

    static string Words(RunRow row) => Words(row.State) + (row.Reason is null ? "" : $": {Short(row.Reason)}");

    static string Words(RunState state) => state switch { RunState.Ok => "ok", RunState.InfraError => "infrastructure error", _ =>
        $"{state}".ToLowerInvariant() };

    static string Short(string reason) => reason.Length <= 60 ? reason : reason[..59] + "…";

    static void Print(Workspace workspace, RunRecord run, bool samples)
    {
        if (workspace.Json)
        {
            if (samples) workspace.Terminal.Json(new { run, run.Samples, run.Timings });
            else workspace.Terminal.Json(run);
            return;
        }
        if (samples)
        {
            workspace.Terminal.Table(["sample", "target", "answer", "correct"],
                [.. run.Samples.Select(row =>
                    (IReadOnlyList<string>)[$"{row.Sample}", row.Target, row.Answer, row.Correct switch { null => "–", true => "yes", _ =>
                        "no" }])]);
            return;
        }
        workspace.Terminal.Table(["origin", "value"], [.. Origin(run)]);
        workspace.Terminal.Table(["metric", "value", "interval", "source", "tier"], [.. run.Metrics.Select(metric => (IReadOnlyList<string>)
        [
            metric.Metric, Numbers.Of(metric.Value, metric.Unit),
            metric is { Low: { } low, High: { } high }
                ? $"{Numbers.Of(low, metric.Unit)} to {Numbers.Of(high, metric.Unit)} ({metric.Interval})" : "–",
            metric.Source, metric.EnergyTier ?? "–",
        ])]);
        if (run.Operations is { } operations)
            workspace.Terminal.Table(["layer", "kind", "MACs", "ACs", "input rate", "firing rate"],
                [.. operations.Layers.Select(layer => (IReadOnlyList<string>)
            [
                layer.Layer, layer.Site is { } site ? $"{layer.Kind}, on the {site}" : layer.Kind,
                Numbers.Of(layer.Macs, "operations"), Numbers.Of(layer.Acs, "operations"),
                layer.InputRate is { } input ? Numbers.Of(input, "share") : "–", layer.FiringRate is { } rate ? Numbers.Of(rate, "share")
                    : "–",
            ])]);
    }

    static IEnumerable<IReadOnlyList<string>> Origin(RunRecord run)
    {
        yield return ["run", run.RunId];
        yield return ["state", Words(run.State) + (run.Reason is null ? "" : $": {run.Reason}")];
        yield return ["trial", run.TrialId];
        yield return ["family", run.Trial.Family];
        yield return ["configuration", run.Trial.Configuration.GetRawText()];
        yield return ["protocol", run.Trial.Protocol + (run.Trial.Limit is { } limit ? $", first {limit} test samples only" : "")];
        yield return ["seed", $"{run.Trial.Seed}"];
        yield return ["device", $"{run.Device.Id}: {run.Device.Processor}, {run.Trial.Threads} threads"];
        yield return ["time", $"{run.Started:yyyy-MM-dd HH:mm:ss}Z, {Numbers.Time(run.Ended - run.Started)}"];
        yield return ["commit", run.Provenance.Commit + (run.Provenance.Dirty ? " with uncommitted changes" : "")];
        yield return ["session", $"{run.Provenance.Session}, plan {run.Provenance.Plan}"];
        yield return ["command", run.Provenance.CommandLine];
    }
}
