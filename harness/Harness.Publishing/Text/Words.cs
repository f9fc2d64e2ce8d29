using System.Globalization;
using System.Text.Json;

namespace Harness.Publishing.Text;

/// <summary>Words for what a run became, and other short phrases that several pages share.</summary>
static class Words
{
    public static string Of(RunState state) => state switch
    {
        RunState.Ok => "ok",
        RunState.Partial => "partial",
        RunState.Failed => "failed",
        RunState.Unsupported => "unsupported",
        RunState.Skipped => "skipped",
        RunState.Aborted => "aborted",
        RunState.InfraError => "infrastructure error",
        RunState.Timeout => "timeout",
        RunState.Invalid => "invalid",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No word for this state."),
    };

    public static string Meaning(RunState state) => state switch
    {
        RunState.Ok => "Trained, predicted every sample asked for, and was measured.",
        RunState.Partial => "Ended with some predictions missing; its numbers are not ranked.",
        RunState.Failed => "The family could not train or predict; the reason is given.",
        RunState.Unsupported => "This combination cannot run on this device.",
        RunState.Skipped => "The plan left it out, for example for want of budget.",
        RunState.Aborted => "Somebody stopped it.",
        RunState.InfraError => "The machine or the network failed, not the family.",
        RunState.Timeout => "Did not end within its time limit.",
        RunState.Invalid => "Ended, but a rule of the protocol was broken.",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No meaning for this state."),
    };

    public static string Css(RunState state) => state switch
    {
        RunState.Ok => "good",
        RunState.Skipped or RunState.Unsupported => "quiet",
        _ => "bad",
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
        CultureInfo.InvariantCulture);

    public static string Plural(int count, string one, string? many = null) =>
        $"{Scale.Whole(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>How new a board is: it changes only when the board does, so that nothing else needs to be written again.</summary>
    public static string AsOf(Boards.Board board) => board.At is { } at ? Time(at) : "no run yet";

    /// <summary>A commit as people quote it.</summary>
    public static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;

    /// <summary>The members of a configuration as text; a value that is not an object is one unnamed member.</summary>
    public static IEnumerable<(string Name, string Value)> Members(JsonElement configuration) => configuration.ValueKind switch
    {
        JsonValueKind.Object => configuration.EnumerateObject().SelectMany(member => Members(member.Name, member.Value)),
        JsonValueKind.Undefined => [],
        _ => [("value", Value(configuration))],
    };

    // Knobs of a nested record stand under its name, as in a plan: training.epochs.
    static IEnumerable<(string Name, string Value)> Members(string name, JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().SelectMany(member => Members($"{name}.{member.Name}", member.Value)) : [(name, Value(value))];

    /// <summary>The address if a browser may follow it: web addresses only, so that no card can carry a script.</summary>
    public static string? WebAddressOrNull(string? link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address.AbsoluteUri : null;

    /// <summary>Why a run has no result, in one line.</summary>
    public static string Reason(RunRecord run) => run.Reason ?? "no reason was given";

    static string Value(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
