using System.Text;
using System.Threading.Channels;

namespace Harness.Agent.Running;

/// <summary>One run of one worker, to the last of its descendants: whatever happens ends in exactly one <see cref="Finished"/>.</summary>
sealed class WorkerRun(IWorkerPlace place, RunRequest request, WorkerLimits limits, TimeProvider time,
    ChannelWriter<Observation> observations, CancellationToken cancellation) : IDisposable
{
    const int ReasonCharacters = 4000;

    static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);

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
        using var onCancel = cancellation.Register(() => Stop(RunState.Aborted, "The run was cancelled."));
        if (await StartOrNullAsync() is not { } channel) return verdict!;
        await using var worker = channel;
        // From here on: what a place needs before, such as a turn in a queue, is not the worker's time.
        using var deadline = new CancellationTokenSource(limits.Time, time);
        using var onDeadline = deadline.Token.Register(() =>
            Stop(RunState.Timeout, $"The time limit of {limits.Time} passed in phase {order.Phase}; raise limits.time"));
        var watching = worker.WatchAsync(limits, reason => Stop(RunState.Failed, reason), stopped.Token);
        var sent = SendAsync(worker, request);
        var finished = await FollowAsync(worker);
        Stop(finished.State, finished.Reason);
        await watching;
        var seen = await worker.ReadAsync();
        await EndAsync(worker);
        await sent;
        foreach (var reading in seen) await ReportAsync(new Read(reading));
        if (saidFinished && await worker.Ended is { } code and not 0)
            await ReportAsync(new Read(new(Measuring.Quantities.ExitCode.Id, code, $"The worker had finished, then {Ending(code)}.")));
        return saidFinished || verdict!.State == RunState.Aborted ? verdict! : verdict with { Reason = verdict.Reason + LogOf(worker) };
    }

    async Task<IWorkerChannel?> StartOrNullAsync()
    {
        try { return await place.StartAsync(request, stopped.Token); }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested) { return null; }
    }

    /// <summary>Passes observations on until the worker has finished or cannot go on.</summary>
    async Task<Finished> FollowAsync(IWorkerChannel worker)
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
                    saidFinished = true;
                    return finished;
                }
                await observations.WriteAsync(observation, stopped.Token);
            }
            return await EndsWithinGraceAsync(worker) ? Crash(await worker.Ended) : new(RunState.Failed,
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
            Stop(RunState.Timeout, $"No line for {limits.Silence} in phase {order.Phase}: the worker hangs, or raise limits.silence"));
        return await lines.ReadOrNullAsync(stopped.Token);
    }

    /// <summary>The first verdict stays: what follows is its consequence.</summary>
    void Stop(RunState state, string? reason)
    {
        if (Interlocked.CompareExchange(ref verdict, new(state, reason), null) is null) stopped.Cancel();
    }

    async Task EndAsync(IWorkerChannel worker)
    {
        // A worker that still writes can only come to its end when somebody reads.
        var drained = DrainAsync(worker.Output);
        if (saidFinished)
        {
            await CloseInputAsync(worker);
            if (!await EndsWithinGraceAsync(worker)) await worker.KillAsync();
        }
        else if (verdict!.State == RunState.Aborted) await CancelAsync(worker);
        else await worker.KillAsync();
        await worker.Ended;
        await Task.WhenAny(drained, Task.Delay(PipePatience));
    }

    /// <summary>Asks to stop, then insists, then forces; returns when the worker is gone.</summary>
    async Task CancelAsync(IWorkerChannel worker)
    {
        var asked = SendAsync(worker, new CancelRequest());
        await Task.WhenAny(asked, Task.Delay(limits.Grace, time));
        await CloseInputAsync(worker);
        if (await EndsWithinGraceAsync(worker)) return;
        await worker.TerminateAsync();
        if (await EndsWithinGraceAsync(worker)) return;
        await worker.KillAsync();
    }

    async Task<bool> EndsWithinGraceAsync(IWorkerChannel worker)
    {
        try { await worker.Ended.WaitAsync(limits.Grace, time); }
        catch (TimeoutException) { return false; }
        return true;
    }

    /// <summary>Writes a line; a worker that no longer listens explains it by its silence or its end.</summary>
    static async Task SendAsync(IWorkerChannel worker, WorkerRequest line)
    {
        try
        {
            await worker.Input.WriteAsync(Encoding.UTF8.GetBytes(WorkerLine.Write(line) + "\n"));
            await worker.Input.FlushAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException) { return; }
    }

    static async Task CloseInputAsync(IWorkerChannel worker)
    {
        try { await worker.Input.DisposeAsync(); }
        catch (IOException) { return; }
    }

    static async Task DrainAsync(Stream output)
    {
        try { await output.CopyToAsync(Stream.Null); }
        catch (Exception error) when (error is IOException or ObjectDisposedException) { return; }
    }

    // Before the hello, it is the worker that does not work here; and an end without a code is a place that is out of reach.
    Finished Crash(int? code) => new(order.Greeted && code is not null ? RunState.Failed : RunState.InfraError,
        $"The worker {Ending(code)} in phase {order.Phase} without finishing");

    static string LogOf(IWorkerChannel worker) => worker.Log is { Length: > 0 } log ? $"; last log lines: {log}" : "; it left no log";

    static string Ending(int? code) => code switch
    {
        null => "was lost (its place does not tell how it ended)",
        134 => "was killed (signal 6, aborted)",
        137 => "was killed (signal 9), perhaps by the system because memory ran out",
        139 => "was killed (signal 11, segmentation fault)",
        > 128 => $"was killed (signal {code - 128})",
        _ => $"exited with code {code}",
    };

    ValueTask ReportAsync(Observation observation) => observations.WriteAsync(observation, CancellationToken.None);

    static string? Shortened(string? reason) => reason?.Length > ReasonCharacters ? reason[..ReasonCharacters] + "…" : reason;
}
