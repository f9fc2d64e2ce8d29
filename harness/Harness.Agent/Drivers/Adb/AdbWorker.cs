using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Adb;

/// <summary>A worker on a phone, as one command of its shell.</summary>
sealed class AdbWorker : IWorkerChannel
{
    static readonly TimeSpan Reach = TimeSpan.FromSeconds(10);

    readonly ShellSession session;
    readonly int pid;
    readonly AdbShell shell;
    readonly IReadOnlyList<Reading> before;
    readonly LogTail tail = new();
    readonly Task log;

    public AdbWorker(ShellSession session, int pid, AdbShell shell, IReadOnlyList<Reading> before)
    {
        (this.session, this.pid, this.shell, this.before) = (session, pid, shell, before);
        log = tail.FollowAsync(session.Error);
        Ended = EndAsync();
    }

    public Stream Input => session.Input;
    public Stream Output => session.Output;
    public string Log => tail.ToString();
    public Task<int?> Ended { get; }

    public async ValueTask TerminateAsync() => await SignalAsync("TERM");

    public async ValueTask KillAsync()
    {
        await SignalAsync("KILL");
        // A phone that does not tell the end is out of reach, and the run must not wait for it.
        if (await Task.WhenAny(session.Exit, Task.Delay(Reach)) != session.Exit) await session.DisposeAsync();
    }

    public async ValueTask<IReadOnlyList<Reading>> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Reach);
        try { return [.. before, .. PhoneConditions.After(await PhoneConditions.ReadAsync(shell, patience.Token))]; }
        catch (Exception error) when (error is HarnessException or IOException or OperationCanceledException)
        {
            return [.. before, new(Measuring.Quantities.BatteryAfter.Id, null, $"The phone did not answer after the run: {error.Message}")];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!session.Exit.IsCompleted) await KillAsync();
        if (await Ended is null) await SignalAsync("KILL");
        await session.DisposeAsync();
    }

    async Task<int?> EndAsync()
    {
        var code = await session.Exit;
        await log;
        // Whatever outlives the worker would keep the processor busy for the next trial. A phone that did not tell the end may be gone.
        if (code is not null) await SignalAsync("KILL");
        return code;
    }

    // The whole session where the shell can; an older one knows single processes only.
    async Task SignalAsync(string signal)
    {
        using var patience = new CancellationTokenSource(Reach);
        try { await shell.TryAsync($"kill -{signal} -{pid} 2>/dev/null || kill -{signal} {pid} 2>/dev/null", patience.Token); }
        catch (Exception error) when (error is HarnessException or IOException or OperationCanceledException) { return; }
    }
}
