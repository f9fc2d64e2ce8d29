using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Deletes runs, or their predictions and timings, for good. The chain keeps a line that says what is gone and why.</summary>
static class RemoveCommand
{
    /// <summary><c>harness rm</c>: the whole run.</summary>
    public static Command Create(Settings settings) => Of(settings, "rm", "Delete runs; the chain remembers that they were there.",
        (store, runs, reason, archive, cancellation) => store.RemoveAsync(runs, reason, archive, cancellation), "removed");

    /// <summary><c>harness compact</c>: what takes space.</summary>
    public static Command CreateCompact(Settings settings) => Of(settings, "compact",
        "Delete the predictions and timings of runs and keep their scores; such runs cannot be scored or compared sample by sample again.",
        (store, runs, reason, archive, cancellation) => store.ThinAsync(runs, reason, archive, cancellation), "compacted");

    delegate Task<IReadOnlyList<string>> Deletion(ResultStore store, IReadOnlyList<string> runs, string reason, FileInfo? archive,
        CancellationToken cancellation);

    static Command Of(Settings settings, string name, string description, Deletion delete, string done)
    {
        var runs = new Argument<string[]>("run")
        {
            Description = "Run ids or the ends of them; of runs whose folder is lost the whole id, as in chain.log.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var before = new Option<DateTimeOffset?>("--before") { Description = "All runs that began before this day, e.g. 2026-01-01." };
        var reason = new Option<string>("--reason") { Description = "Why; it is kept in the chain.", Required = true };
        var archive = new Option<FileInfo?>("--archive") { Description = "Pack the runs into this new .tar.gz first." };
        var dry = new Option<bool>("--dry-run") { Description = "List the runs and delete nothing." };
        var command = new Command(name, description) { runs, before, reason, archive, dry };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var ids = await ChosenAsync(workspace, parsed.GetValue(runs)!, parsed.GetValue(before), cancellation);
            if (parsed.GetValue(dry))
            {
                using var seen = ResultStore.OpenForReading(workspace.Results[0]);
                await seen.StoredAsync(ids, lost: name == "rm" && parsed.GetValue(archive) is null, cancellation);
                foreach (var id in ids) await workspace.Terminal.Data.WriteLineAsync(id);
                return ExitCodes.Ok;
            }
            using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
            var folders = await delete(store, ids, parsed.GetValue(reason)!, parsed.GetValue(archive), cancellation);
            foreach (var folder in folders) await workspace.Terminal.Data.WriteLineAsync(folder);
            workspace.Terminal.Say($"{folders.Count} of {ids.Count} runs {done}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task<IReadOnlyList<string>> ChosenAsync(Workspace workspace, string[] words, DateTimeOffset? before,
        CancellationToken cancellation)
    {
        if (words.Length == 0 == before is null) throw new HarnessException("Name runs, or give --before a day; not both and not neither.");
        if (before is null) return await Task.WhenAll(words.Select(word => IdAsync(workspace, word, cancellation)));
        var old = await Stores.ReadAllAsync(workspace, new(), cancellation);
        return [.. old.Where(run => run.Started < before).Select(run => run.RunId)];
    }

    // A whole id may be that of a run of which nothing but its line in the chain is left.
    static async Task<string> IdAsync(Workspace workspace, string word, CancellationToken cancellation) =>
        word.Length == Identifiers.UlidLength ? word.ToUpperInvariant()
            : (await Stores.FindAsync(workspace, word, detail: false, cancellation)).RunId;
}
