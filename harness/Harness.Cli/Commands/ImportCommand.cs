using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Stores results of other tools, marked as such: they are shown and queried, and never ranked among what was measured
/// here.</summary>
static class ImportCommand
{
    public static Command Create(Settings settings)
    {
        var files = new Argument<FileInfo[]>("file") { Description = "Files that the tool wrote.", Arity =
            ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var tool = new Option<string>("--from")
        {
            Description = string.Join("; ", Import.Tools.Select(tool => $"{tool.Key}: {tool.Value}")), Required = true,
        };
        tool.AcceptOnlyFromAmong([.. Import.Tools.Keys]);
        var model = new Option<string?>("--model") { Description = "Name of the model, where the file does not say it." };
        var task = new Option<string?>("--task") { Description = "Name of the task or dataset, where the file does not say it." };
        var command = new Command("import", "Store results of other tools as declared, beside what was measured here.") { files, tool,
            model, task };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var names = new ImportNames(parsed.GetValue(model), parsed.GetValue(task));
            var runs = new List<ImportedRun>();
            foreach (var file in parsed.GetValue(files)!)
            {
                var origin = new ImportOrigin(file.Name, TimeProvider.System.GetUtcNow(), Origin.Describe("", "", ""));
                runs.AddRange(Import.Read(parsed.GetValue(tool)!, await File.ReadAllTextAsync(file.FullName, cancellation), names, origin));
            }
            await StoreAsync(workspace, runs, cancellation);
            return ExitCodes.Ok;
        });
        command.Subcommands.Add(ImportStepCommand.Create(settings));
        return command;
    }

    static async Task StoreAsync(Workspace workspace, IReadOnlyList<ImportedRun> runs, CancellationToken cancellation)
    {
        using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
        var known = (await store.RunIdsAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        var fresh = runs.Where(imported => !known.Contains(imported.Run.RunId)).ToList();
        foreach (var (run, source) in fresh)
            await store.AppendAsync(run, new Dictionary<string, byte[]> { [Import.SourceFile] = source }, cancellation);
        ShowCommand.PrintRuns(workspace, [.. fresh.Select(imported => imported.Run)]);
        workspace.Terminal.Say($"{fresh.Count} runs imported, {runs.Count - fresh.Count} were stored already");
    }
}
