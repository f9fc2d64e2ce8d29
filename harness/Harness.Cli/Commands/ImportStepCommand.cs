using System.CommandLine;
using System.Text.Json;
using Harness.Core.Planning;
using Suites.SpikingTransformers.Importing;

namespace Harness.Cli.Commands;

/// <summary>Turns a configuration of the STEP platform into a plan, and accounts for each of its keys.</summary>
static class ImportStepCommand
{
    const string Suite = "spiking-transformers";

    public static Command Create(Settings settings)
    {
        var file = new Argument<FileInfo>("file") { Description = "A YAML file of STEP." }.AcceptExistingOnly();
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Where to write the plan; without it, standard output." };
        var command = new Command("step-config", "Turn a configuration of the STEP platform into a plan that runs here.") { file, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var source = parsed.GetValue(file)!;
            var plan = StepConfiguration.Read(Path.GetFileNameWithoutExtension(source.Name), Keys(source),
                (benchmark, family) => KnobsOrNull(workspace, benchmark, family));
            Check(workspace, plan.Text, source);
            if (parsed.GetValue(output) is { } target) await File.WriteAllTextAsync(target.FullName, plan.Text, cancellation);
            else await workspace.Terminal.Data.WriteAsync(plan.Text.AsMemory(), cancellation);
            foreach (var key in plan.Keys)
                workspace.Terminal.Say(key.Target is null ? $"ignored {key.Key}: {key.Value} ({key.Note})"
                    : $"{key.Key}: {key.Value} -> {key.Target}{(key.Note.Length > 0 ? $" ({key.Note})" : "")}");
            var ignored = plan.Keys.Count(key => key.Target is null);
            workspace.Terminal.Say($"{plan.Keys.Count} keys: {plan.Keys.Count - ignored} mapped, {ignored} ignored, none dropped");
            return ExitCodes.Ok;
        });
        return command;
    }

    static Dictionary<string, JsonElement> Keys(FileInfo file)
    {
        var root = YamlDocuments.Read(file, "STEP configurations");
        if (root.ValueKind != JsonValueKind.Object || root.EnumerateObject().Any(key => key.Value.ValueKind == JsonValueKind.Object))
            throw new HarnessException($"{file.Name} is no STEP configuration: that is a flat map of keys.");
        return root.EnumerateObject().ToDictionary(key => key.Name, key => key.Value);
    }

    static IReadOnlyCollection<string>? KnobsOrNull(Workspace workspace, string benchmark, string family) =>
        workspace.Catalogue.Benchmark(Suite, benchmark).Families.FirstOrDefault(entry => entry.Card.Id == family)
            ?.Parameters.Select(parameter => parameter.Name).ToList();

    // The plan is read as any other: what it says must be allowed here.
    static void Check(Workspace workspace, string text, FileInfo source)
    {
        using var reader = new StringReader(text);
        new PlanReader(workspace.Catalogue, Devices.Classes).Read(YamlPlans.Read(reader, $"plan of {source.Name}"));
    }
}
