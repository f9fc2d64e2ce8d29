using System.Threading.Channels;

namespace Harness.Agent.Running;

/// <summary>One run of one worker, to the last of its descendants: whatever happens ends in exactly one <see cref="Finished"/>.</summary>
sealed class WorkerRun(WorkerCommand command, IReadOnlyDictionary<string, string> environment, RunRequest request, WorkerLimits limits,
    TimeProvider time, ChannelWriter<Observation> observations, CancellationToken cancellation) : IDisposable
{
    const int ReasonCharacters = 4000;

    readonly ObservationOrder order = new();
    readonly CancellationTokenSource stopped = new();
    Finished? verdict;
    bool saidFinished;

    public async Task ToEndAsync()
    {
        Finished finished;
        try { finished = await RunAsync(); }
        catch (HarnessException error) { finished = new(RunState.InfraError, error.Message); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            finished = new(RunState.InfraError, $"The agent failed: {error.GetType().Name}: {error.Message}");
        }
        await observations.WriteAsync(finished with { Reason = Shortened(finished.Reason) }, CancellationToken.None);
        observations.Complete();
    }

    public void Dispose() => stopped.Dispose();

    async Task<Finished> RunAsync()
    {
        if (cancellation.IsCancellationRequested) return new(RunState.Aborted, "Cancelled before the worker started.");
        await using var worker = WorkerProcess.Start(command, environment);
        var memory = new MemoryWatch(worker.Tree, worker.Id, limits, time);
        var watching = memory.WatchAsync(reason => Stop(RunState.Failed, reason), stopped.Token);
        using var deadline = new CancellationTokenSource(limits.Time, time);
        using var onDeadline = deadline.Token.Register(() =>
            Stop(RunState.Timeout, $"The time limit of {limits.Time} passed in phase {order.Phase}; raise limits.time."));
        using var onCancel = cancellation.Register(() => Stop(RunState.Aborted, "The run was cancelled."));
        var sent = worker.SendAsync(request);
        var finished = await FollowAsync(worker, memory);
        Stop(finished.State, finished.Reason);
        await watching;
        await EndAsync(worker);
        await sent;
        await ReportAsync(new Read(memory.Peak));
        if (saidFinished && worker.ExitCode is { } code and not 0)
            await ReportAsync(new Read(new(Measuring.Quantities.ExitCode.Id, code, $"The worker had finished, then {Ending(code)}.")));
        return saidFinished || verdict!.State == RunState.Aborted ? verdict! : verdict with { Reason = verdict.Reason + LogOf(worker) };
    }

    /// <summary>Passes observations on until the worker has finished or cannot go on.</summary>
    async Task<Finished> FollowAsync(WorkerProcess worker, MemoryWatch memory)
    {
        using var lines = new LineReader(worker.Output, limits.LineBytes);
        try
        {
            while (await NextAsync(lines) is { } line)
            {
                var observation = WorkerLine.ReadObservation(line);
                order.Accept(observation);
                if (observation is Finished finished)
                {
                    memory.Look();
                    saidFinished = true;
                    return finished;
                }
                await observations.WriteAsync(observation, stopped.Token);
            }
            return await worker.EndsWithinAsync(limits.Grace, time) ? Crash(worker) : new(RunState.Failed,
                $"The worker closed its standard output in phase {order.Phase} without finishing.");
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested) { return verdict!; }
        catch (UnsupportedException error) { return new(RunState.InfraError, error.Message); }
        catch (ProtocolException error) { return new(RunState.Failed, error.Message); }
    }

    // The clock of silence runs only while the agent waits for the worker, not while the reader of observations is slow.
    async Task<ReadOnlyMemory<byte>?> NextAsync(LineReader lines)
    {
        using var silence = new CancellationTokenSource(limits.Silence, time);
        using var onSilence = silence.Token.Register(() =>
            Stop(RunState.Timeout, $"No line for {limits.Silence} in phase {order.Phase}: the worker hangs, or raise limits.silence."));
        return await lines.ReadOrNullAsync(stopped.Token);
    }

    /// <summary>The first verdict stays: what follows is its consequence.</summary>
    void Stop(RunState state, string? reason)
    {
        if (Interlocked.CompareExchange(ref verdict, new(state, reason), null) is null) stopped.Cancel();
    }

    async Task EndAsync(WorkerProcess worker)
    {
        worker.Drain();
        if (saidFinished)
        {
            worker.CloseInput();
            if (!await worker.EndsWithinAsync(limits.Grace, time)) await worker.KillAsync();
        }
        else if (verdict!.State == RunState.Aborted) await worker.CancelAsync(limits.Grace, time);
        else await worker.KillAsync();
        await worker.SettleAsync();
    }

    // Before the hello, it is the worker that does not work here, and not the model that failed.
    Finished Crash(WorkerProcess worker) => new(order.Greeted ? RunState.Failed : RunState.InfraError,
        $"The worker {Ending(worker.ExitCode!.Value)} in phase {order.Phase} without finishing");

    static string LogOf(WorkerProcess worker) => worker.Log is { Length: > 0 } log ? $"; last log lines: {log}" : "; it left no log";

    static string Ending(int code) => code switch
    {
        134 => "was killed (signal 6, aborted)",
        137 => "was killed (signal 9), perhaps by the system because memory ran out",
        139 => "was killed (signal 11, segmentation fault)",
        > 128 => $"was killed (signal {code - 128})",
        _ => $"exited with code {code}",
    };

    ValueTask ReportAsync(Observation observation) => observations.WriteAsync(observation, CancellationToken.None);

    static string? Shortened(string? reason) => reason?.Length > ReasonCharacters ? reason[..ReasonCharacters] + "…" : reason;
}
