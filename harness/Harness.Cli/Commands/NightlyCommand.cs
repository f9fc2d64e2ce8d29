using System.CommandLine;
using Harness.Agent.Running;
using Harness.Cli.Nightly;
using Harness.Core.Planning;
using Harness.Detection.Pairing;
using Harness.Detection.Planning;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Compares the head of a repository with a pinned base, night after night, and ends with 4 on a confirmed regression.</summary>
static class NightlyCommand
{
    sealed record Request(NightlyFile File, string Head, string? Only, DirectoryInfo Repository, bool Explain,
        IReadOnlyList<(FileInfo? File, Action<NightReport, TextWriter> Write)> Reports);

    public static Command Create(Settings settings)
    {
        var file = new Argument<string>("nightly") { Description = "A file, or the name of one in results/nightly.",
            DefaultValueFactory = _ => "nightly" };
        var reference = new Option<string?>("--base") { Description = "The pinned commit (default: the one of the file)." };
        var head = new Option<string>("--head") { Description = "The commit under test.", DefaultValueFactory = _ => "HEAD" };
        var budget = new Option<string?>("--budget") { Description = "Device time of the night, e.g. 8h (default: the file's)." };
        var only = PlanOptions.Only();
        var repository = new Option<DirectoryInfo?>("--repository") { Description = "The git repository (default: the checkout)." };
        var explain = new Option<bool>("--explain") { Description = "Print what would be measured and why, and run nothing." };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "Also write the report as Markdown." };
        var junit = new Option<FileInfo?>("--junit") { Description = "Also write it as JUnit XML." };
        var metrics = new Option<FileInfo?>("--openmetrics") { Description = "Also write it as OpenMetrics text." };
        var command = new Command("nightly", "Measure head against a pinned base in pairs; confirm, attribute and report what changed.")
        { file, reference, head, budget, only, repository, explain, markdown, junit, metrics };
        command.SetAction((parsed, cancellation) =>
        {
            var read = NightlyFile.Read(parsed.GetValue(file)!);
            read = read with { Base = parsed.GetValue(reference) ?? read.Base, Budget = parsed.GetValue(budget) ?? read.Budget };
            return RunAsync(settings.Of(parsed), new(read, parsed.GetValue(head)!, parsed.GetValue(only),
                parsed.GetValue(repository) ?? new(Settings.Checkout()), parsed.GetValue(explain),
                [(parsed.GetValue(markdown), Export.Markdown), (parsed.GetValue(junit), Export.JUnit),
                    (parsed.GetValue(metrics), Export.OpenMetrics)]), cancellation);
        });
        return command;
    }

    static async Task<int> RunAsync(Workspace workspace, Request request, CancellationToken cancellation)
    {
        var git = new Git(request.Repository.FullName);
        var (reference, head) = (git.Commit(request.File.Base), git.Commit(request.Head));
        var plan = PlanOptions.Read(workspace, YamlPlans.Find(request.File.Plan));
        var trials = PlanOptions.Trials(workspace, plan, request.Only);
        var control = request.File.Control is { } filter ? PlanOptions.Trials(workspace, plan, filter)[0] : trials[0];
        var device = Devices.ThisMachine.Describe(null).Id;
        var history = new NightHistory(await ComparisonsAsync(workspace, cancellation), device, reference);
        var cells = await PlanAsync(workspace, request, trials, control, history, head, cancellation);
        if (request.Explain)
        {
            Explain(workspace, cells.Select(cell => cell.Plan), request.File);
            return ExitCodes.Ok;
        }
        using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
        try
        {
            return await MeasureAsync(workspace, request, store, plan, (git, reference, head, device), history, control, cells,
                cancellation);
        }
        catch (BuildFailedException failed)
        {
            workspace.Terminal.Fail(failed.Message);
            return ExitCodes.Infrastructure;
        }
    }

    static async Task<int> MeasureAsync(Workspace workspace, Request request, ResultStore store, Plan plan,
        (Git Git, string Base, string Head, string Device) at, NightHistory history, Trial control,
        IReadOnlyList<(PlannedCell Plan, Trial Trial)> cells, CancellationToken cancellation)
    {
        var (started, budget) = (TimeProvider.System.GetTimestamp(), NightlyFile.TimeOf(request.File.Budget));
        var session = Identifiers.Session(Night.Now, request.File.Name);
        var limits = new WorkerLimits { MemoryBytes = plan.Limits.MemoryBytes };
        if (plan.Limits.Time is { } time) limits = limits with { Time = time };
        var builds = new BuildCache(at.Git, request.File.Build, workspace.Cache, workspace.Terminal.Say);
        var scorer = Devices.Scorer(workspace);
        var bench = new PairBench(workspace, store, builds, scorer, limits, Origin.Describe(session, plan.Name, "nightly"));
        var night = new Night(session, request.File, at.Device, await builds.OfAsync(at.Base, cancellation),
            await builds.OfAsync(at.Head, cancellation), builds, bench, scorer, history, at.Git,
            () => TimeProvider.System.GetElapsedTime(started) < budget, workspace.Terminal.Say);
        var nightly = new NightlySession(night);
        await nightly.RunAsync(control, cells, cancellation);
        foreach (var finding in night.Findings) await store.AppendAsync(finding, CancellationToken.None);
        var report = new NightReport(session, at.Base, at.Head, at.Device, night.Comparisons, night.Alerts, night.Events,
            [.. nightly.Unmeasured.Select(cell => $"{ComparabilityKey.Cell(cell.Trial)}: {cell.Note}")]);
        await ReportAsync(workspace, request, report, cancellation);
        return report.Regressions.Any() ? ExitCodes.Regression : nightly.IsQuarantined ? ExitCodes.Infrastructure
            : report.Unmeasured.Count > 0 ? ExitCodes.SomeFailed : ExitCodes.Ok;
    }

    static async Task<IReadOnlyList<Comparison>> ComparisonsAsync(Workspace workspace, CancellationToken cancellation)
    {
        if (!Stores.Existing(workspace).Any(folder => folder.FullName == workspace.Results[0].FullName)) return [];
        using var store = ResultStore.OpenForReading(workspace.Results[0]);
        return await store.ReadFindingsAsync(Night.Now - NightHistory.Reach, cancellation).OfType<Comparison>().ToListAsync(cancellation);
    }

    static async Task<IReadOnlyList<(PlannedCell Plan, Trial Trial)>> PlanAsync(Workspace workspace, Request request,
        IReadOnlyList<Trial> trials, Trial control, NightHistory history, string head, CancellationToken cancellation)
    {
        var states = await CellStates.OfAsync([.. trials.Append(control)], history, head, workspace.Results[0], cancellation);
        var policy = request.File.Policy;
        var named = trials.DistinctBy(ComparabilityKey.Cell).ToDictionary(ComparabilityKey.Cell);
        var planned = NightPlan.Of([.. states.SkipLast(1)], NightlyFile.TimeOf(request.File.Budget),
            TimeSpan.FromSeconds(NightPlan.Runs(policy) * states[^1].RunSeconds), policy);
        return [.. planned.Select(cell => (cell, named[cell.State.Cell]))];
    }

    static void Explain(Workspace workspace, IEnumerable<PlannedCell> cells, NightlyFile file)
    {
        workspace.Print(["trial", "time", "staleness", "noise", "suspicion", "priority", "tonight", "why"], cells, cell =>
        [
            cell.State.Cell, Numbers.Time(TimeSpan.FromSeconds(cell.Seconds)) + (cell.State.IsTimed ? "" : " (a guess)"),
            $"{cell.Staleness:0.#}", $"{cell.Noise:0.0}", $"{cell.Suspicion:0.#}", $"{cell.Priority:0.0}", cell.IsChosen ? "yes" : "no",
            cell.Reason,
        ]);
        workspace.Terminal.Say($"device time {file.Budget}, of which {NightPlan.Reserve:P0} is kept for confirmations and bisection; "
            + "priority = staleness × noise × suspicion");
    }

    static async Task ReportAsync(Workspace workspace, Request request, NightReport report, CancellationToken cancellation)
    {
        foreach (var (file, write) in request.Reports)
        {
            if (file is null) continue;
            file.Directory!.Create();
            await using var text = file.CreateText();
            write(report, text);
            await text.FlushAsync(cancellation);
        }
        if (workspace.Json) workspace.Terminal.Json(report);
        else Export.Markdown(report, workspace.Terminal.Data);
    }
}
