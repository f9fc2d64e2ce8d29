using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Records something that may explain a change later: an update of a system, a new version of a dataset.</summary>
static class NoteCommand
{
    public static Command Create(Settings settings)
    {
        var text = new Argument<string>("text") { Description = "What happened." };
        var subject = new Option<string>("--subject") { Description = "What it happened to: a device, a protocol, a metric.", Required =
            true };
        var kind = new Option<string>("--event")
        { Description = "os_update, dataset_published, metric_version, note, or another word.", DefaultValueFactory = _ => "note" };
        var command = new Command("note", "Record an event beside the results.") { text, subject, kind };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            using var store = await Stores.OpenForWritingAsync(workspace, cancellation);
            var note = new Occurrence(TimeProvider.System.GetUtcNow(), parsed.GetValue(kind)!, parsed.GetValue(subject)!,
                parsed.GetValue(text)!);
            await store.AppendAsync(note, cancellation);
            workspace.Terminal.Say($"recorded as {note.Id}");
            return ExitCodes.Ok;
        });
        return command;
    }
}
