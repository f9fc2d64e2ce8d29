using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Harness.Agent.Running;

namespace Harness.Agent.Conformance;

/// <summary>Tries a program against every rule of the worker protocol that can be seen from outside (docs/worker-protocol.md).</summary>
/// <param name="command">How the worker is started; it is started once for each rule.</param>
/// <param name="request">A trial that the worker can run to its end.</param>
/// <param name="patience">The longest wait for a line or for the end.</param>
public sealed class WorkerCheck(WorkerCommand command, RunRequest request, TimeSpan patience, TimeProvider time)
{
    /// <summary>What a worker may write to standard error in one run before its log is no longer one.</summary>
    public const long LogBytes = 1024 * 1024;

    const int OtherProtocol = 99;

    string Run => WorkerLine.Write(request);

    /// <summary>The verdicts, each as soon as it stands.</summary>
    /// <exception cref="HarnessException">The command cannot be started.</exception>
    public async IAsyncEnumerable<RuleVerdict> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var verdict in await WholeRunAsync(cancellation)) yield return verdict;
        yield return await Tried("unknown members", token => EndsAsync(WithUnknownMembers(), [RunState.Ok, RunState.Partial], token),
            cancellation);
        yield return await Tried("cancel", token => StopAsync(dialogue => dialogue.SayAsync(WorkerLine.Write(new CancelRequest())), token),
            cancellation);
        yield return await Tried("end of input", token => StopAsync(dialogue => dialogue.CloseInputAsync(), token), cancellation);
        yield return await Tried("unknown family", token => EndsAsync(WorkerLine.Write(request with
        {
            Trial = request.Trial with { Family = "no-such-family@1" },
        }), [RunState.Unsupported], token), cancellation);
        yield return await Tried("other protocol", token =>
            EndsAsync(WorkerLine.Write(request with { Protocol = OtherProtocol }), [RunState.InfraError], token), cancellation);
        yield return await Tried("bad request", token => EndsAsync("this is no request", [RunState.InfraError, RunState.Failed], token),
            cancellation);
        yield return await Tried("no request", NoRequestAsync, cancellation);
    }

    /// <summary>One run from hello to exit code serves the rules that every run shows.</summary>
    async Task<IReadOnlyList<RuleVerdict>> WholeRunAsync(CancellationToken cancellation)
    {
        await using var dialogue = new Dialogue(command, patience, time);
        await dialogue.SayAsync(Run);
        var heard = new List<Observation>();
        RuleVerdict hello = new("hello", Verdict.Untested, "no line came"), order = new("order", Verdict.Untested, "no line came");
        try
        {
            var rules = new ObservationOrder();
            while (heard is not [.., Finished] && await dialogue.HearAsync(cancellation) is { } observation)
            {
                rules.Accept(observation);
                heard.Add(observation);
                hello = new("hello", Verdict.Kept, heard[0] is Hello first ? $"{first.Worker} {first.Version}" : "");
            }
            await dialogue.CloseInputAsync();
            order = heard is not [.., Finished] ? new("order", Verdict.Broken, $"the output ended without a finished; {LogOf(dialogue)}")
                : await dialogue.HearAsync(cancellation) is { } more
                    ? new("order", Verdict.Broken, $"a {more.GetType().Name} after the finished")
                : new("order", Verdict.Kept, $"{heard.Count} lines");
        }
        catch (Exception error) when (error is ProtocolException or UnsupportedException or TimeoutException)
        {
            if (heard.Count == 0) hello = new("hello", Verdict.Broken, $"{error.Message}; {LogOf(dialogue)}");
            else order = new("order", Verdict.Broken, error.Message);
        }
        await dialogue.CloseInputAsync();
        var exit = await Tried("exit", _ => ExitAsync(dialogue, heard), cancellation);
        if (heard.Count == 0 && hello.Verdict == Verdict.Untested)
            hello = new("hello", Verdict.Broken, $"no line came; {exit.Detail}; {LogOf(dialogue)}");
        return [hello, order, Result(heard), exit, LogRule(dialogue)];
    }

    static RuleVerdict Result(List<Observation> heard)
    {
        const string Rule = "result";
        var predictions = heard.OfType<Predicted>().Sum(line => line.Predictions.Count);
        return heard.LastOrDefault() switch
        {
            Finished { State: RunState.Ok or RunState.Partial } => predictions > 0
                ? new(Rule, Verdict.Kept, $"{predictions} predictions")
                : new(Rule, Verdict.Broken, "an ok run has predictions, this one has none"),
            Finished { Reason: null or "" } silent => new(Rule, Verdict.Broken, $"{silent.State} needs a reason"),
            Finished other => new(Rule, Verdict.Untested, $"the run ended as {other.State}: {other.Reason}"),
            _ => new(Rule, Verdict.Untested, "the run did not end"),
        };
    }

    static async Task<(Verdict, string)> ExitAsync(Dialogue dialogue, List<Observation> heard)
    {
        var code = await dialogue.EndAsync();
        if (heard is not [.., Finished]) return (Verdict.Untested, $"code {code} without a finished");
        return (code == 0 ? Verdict.Kept : Verdict.Broken, $"code {code} after the finished");
    }

    static RuleVerdict LogRule(Dialogue dialogue) => new("log", dialogue.LogBytes <= LogBytes ? Verdict.Kept : Verdict.Broken,
        $"{dialogue.LogBytes} bytes on standard error, allowed are {LogBytes}");

    /// <summary>Sends one line instead of the request and wants one of some states with a reason.</summary>
    async Task<(Verdict, string)> EndsAsync(string line, RunState[] wanted, CancellationToken cancellation)
    {
        await using var dialogue = new Dialogue(command, patience, time);
        await dialogue.SayAsync(line);
        Finished? finished = null;
        while (finished is null && await dialogue.HearAsync(cancellation) is { } observation) finished = observation as Finished;
        await dialogue.CloseInputAsync();
        await dialogue.EndAsync();
        if (finished is null) return (Verdict.Broken, $"it ended without a finished; {LogOf(dialogue)}");
        var fits = wanted.Contains(finished.State) && (finished.State == RunState.Ok || finished.Reason is { Length: > 0 });
        return (fits ? Verdict.Kept : Verdict.Broken, $"{finished.State}: {finished.Reason ?? "no reason"}" +
            (fits ? "" : $"; expected is {string.Join(" or ", wanted)}, with a reason"));
    }

    /// <summary>Stops a run in its first phase.</summary>
    async Task<(Verdict, string)> StopAsync(Func<Dialogue, Task> stop, CancellationToken cancellation)
    {
        await using var dialogue = new Dialogue(command, patience, time);
        await dialogue.SayAsync(Run);
        Observation? heard;
        do heard = await dialogue.HearAsync(cancellation);
        while (heard is Hello);
        await stop(dialogue);
        var finished = heard as Finished ?? (await dialogue.HearAllAsync(cancellation)).OfType<Finished>().LastOrDefault();
        await dialogue.CloseInputAsync();
        await dialogue.EndAsync();
        return finished switch
        {
            { State: RunState.Aborted } => (Verdict.Kept, "aborted"),
            { State: RunState.Ok or RunState.Partial } => (Verdict.Untested,
                "the run was over before it could be stopped: check a longer trial"),
            null => (Verdict.Broken, "it ended without a finished; expected is aborted"),
            _ => (Verdict.Broken, $"{finished.State}: {finished.Reason}; expected is aborted"),
        };
    }

    async Task<(Verdict, string)> NoRequestAsync(CancellationToken cancellation)
    {
        await using var dialogue = new Dialogue(command, patience, time);
        await dialogue.CloseInputAsync();
        await dialogue.HearAllAsync(cancellation);
        return (Verdict.Kept, $"it ended with code {await dialogue.EndAsync()}");
    }

    string WithUnknownMembers()
    {
        var line = JsonNode.Parse(Run)!.AsObject();
        line["fromTheFuture"] = new JsonObject { ["deep"] = 1 };
        line["trial"]!["alsoUnknown"] = true;
        return line.ToJsonString();
    }

    static async Task<RuleVerdict> Tried(string rule, Func<CancellationToken, Task<(Verdict Verdict, string Detail)>> test,
        CancellationToken cancellation)
    {
        try
        {
            var (verdict, detail) = await test(cancellation);
            return new(rule, verdict, detail);
        }
        catch (Exception error) when (error is ProtocolException or TimeoutException) { return new(rule, Verdict.Broken, error.Message); }
    }

    static string LogOf(Dialogue dialogue) => dialogue.Log is { Length: > 0 } log ? $"its log: {log}" : "it left no log";
}
