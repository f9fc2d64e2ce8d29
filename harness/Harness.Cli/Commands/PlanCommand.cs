using System.CommandLine;
using Harness.Agent.Measuring;
using Harness.Core.Planning;
using Harness.Core.Registry;

namespace Harness.Cli.Commands;

/// <summary>Checks a plan as a whole and lists the trials it stands for, without running anything.</summary>
static class PlanCommand
{
    public static Command Create(Settings settings)
    {
        var plan = new Argument<string>("plan") { Description = "A file, or the name of a plan in results/plans." };
        var only = PlanOptions.Only();
        var command = new Command("plan", "Check a plan and list its trials; nothing is run.") { plan, only };
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            PrintTrials(workspace, PlanOptions.Trials(workspace, PlanOptions.Read(workspace, YamlPlans.Find(parsed.GetValue(plan)!),
                anywhere: true),
                parsed.GetValue(only)));
            return ExitCodes.Ok;
        });
        return command;
    }

    public static void PrintTrials(Workspace workspace, IReadOnlyList<Trial> trials)
    {
        var defaults = trials.Select(trial => (trial.Suite, trial.Benchmark, trial.Family)).Distinct().ToDictionary(key => key,
            key => Configurations.Describe(workspace.Catalogue.Benchmark(key.Suite, key.Benchmark).Family(key.Family).Prototype));
        workspace.Print(["trial", "suite", "protocol", "family", "differs from the defaults in", "seed"],
            trials.Select(trial => new { trial.Id, Trial = trial }),
            row => [row.Id, row.Trial.Suite, row.Trial.Protocol, row.Trial.Family, KnobText.Differences(row.Trial.Configuration,
                defaults[(row.Trial.Suite, row.Trial.Benchmark, row.Trial.Family)]), $"{row.Trial.Seed}"]);
        workspace.Terminal.Say($"{trials.Count} trials");
    }
}

/// <summary>What the commands that take a plan share.</summary>
static class PlanOptions
{
    public static Option<string?> Only() => new("--only")
    {
        Description = "Keep only some trials, e.g. family=spikformer,dataset=mnist,seed=1.",
    };

    /// <param name="anywhere">Whether devices of a fleet may be asked for; otherwise only those of this machine.</param>
    public static Plan Read(Workspace workspace, FileInfo file, bool anywhere = false) =>
        new PlanReader(workspace.Catalogue, anywhere ? null : Devices.Classes).Read(YamlPlans.Read(file));

    public static IReadOnlyList<Trial> Trials(Workspace workspace, Plan plan, string? only)
    {
        var trials = plan.Expand(Devices.LocalClass, only is null ? null : FilterReader.Read(only));
        return trials.Count > 0 ? trials
            : throw new HarnessException(
                $"The filter '{only}' keeps none of the {plan.Expand(Devices.LocalClass).Count} trials of plan {plan.Name}.");
    }
}
