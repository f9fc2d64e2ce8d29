using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Maintains the index that answers queries. It is derived: deleting it loses nothing.</summary>
static class IndexCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("index", "The index of the results: make it again, or make it one piece.");
        command.Subcommands.Add(Work(settings, "rebuild", "Make the index again from the run folders alone.",
            (store, cancellation) => store.RebuildIndexAsync(cancellation)));
        command.Subcommands.Add(Work(settings, "compact", "Merge the index into one segment; the bytes are those of a rebuild.",
            (store, cancellation) => store.CompactIndexAsync(cancellation)));
        return command;
    }

    static Command Work(Settings settings, string name, string description, Func<ResultStore, CancellationToken, Task> work)
    {
        var command = new Command(name, description);
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var start = TimeProvider.System.GetTimestamp();
            using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
            await work(store, cancellation);
            var runs = (await store.RunIdsAsync(cancellation)).Count;
            workspace.Terminal.Say($"{runs} runs indexed in {Numbers.Time(TimeProvider.System.GetElapsedTime(start))}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
