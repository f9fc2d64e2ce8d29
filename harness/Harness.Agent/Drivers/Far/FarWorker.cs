using System.Globalization;
using System.Text;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Far;

/// <summary>A worker as a command of a shell elsewhere.</summary>
sealed class FarWorker : IWorkerChannel
{
    static readonly TimeSpan Reach = TimeSpan.FromSeconds(30);
    const int PidCharacters = 20;

    readonly IFarShell shell;
    readonly IFarCommand command;
    readonly int pid;
    readonly Func<CancellationToken, Task<IReadOnlyList<Reading>>> read;
    readonly LogTail tail = new();
    readonly Task log;

    FarWorker(IFarShell shell, IFarCommand command, int pid, Func<CancellationToken, Task<IReadOnlyList<Reading>>> read)
    {
        (this.shell, this.command, this.pid, this.read) = (shell, command, pid, read);
        log = tail.FollowAsync(command.Error);
        Ended = EndAsync();
    }

    public Stream Input => command.Input;
    public Stream Output => command.Output;
    public string Log => tail.ToString();
    public Task<int?> Ended { get; }

    /// <summary>
    /// Starts a worker in a folder. The shell leads a session of its own and becomes the worker, so that its number names the worker and
    /// whatever the worker starts; it is the first line.
    /// </summary>
    /// <param name="environment">Assignments for the worker, e.g. <c>OMP_NUM_THREADS=2</c>.</param>
    /// <param name="program">
    /// What runs the worker: <c>exec …</c> where the carrier tells signals as 128 + n, <c>…; exit $?</c> where only a shell does.
    /// </param>
    /// <param name="read">What the device says of the run when it is over.</param>
    /// <exception cref="HarnessException">The shell did not start it.</exception>
    public static async Task<FarWorker> StartAsync(IFarShell shell, string folder, string environment, string program,
        Func<CancellationToken, Task<IReadOnlyList<Reading>>> read, CancellationToken cancellation)
    {
        var started = await shell.StartAsync(
            $"cd {FarShell.Quote(folder)} && echo $$ && export {environment} && {program}", cancellation);
        try { return new(shell, started, await PidAsync(started, folder, cancellation), read); }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public async ValueTask TerminateAsync() => await SignalAsync("TERM");

    public async ValueTask KillAsync()
    {
        await SignalAsync("KILL");
        // A device that does not tell the end is out of reach, and the run must not wait for it.
        if (await Task.WhenAny(command.Exit, Task.Delay(Reach)) != command.Exit) await command.DisposeAsync();
    }

    public async ValueTask<IReadOnlyList<Reading>> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Reach);
        return await read(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!command.Exit.IsCompleted) await KillAsync();
        await Ended;
        // Whatever outlives the worker would keep the processor busy for the next trial.
        await SignalAsync("KILL");
        await command.DisposeAsync();
    }

    async Task<int?> EndAsync()
    {
        var code = await command.Exit;
        await log;
        return code;
    }

    // The whole session where the shell can; an older one knows single processes only.
    async Task SignalAsync(string signal)
    {
        using var patience = new CancellationTokenSource(Reach);
        try { await shell.TryAsync($"kill -{signal} -{pid} 2>/dev/null || kill -{signal} {pid} 2>/dev/null", patience.Token); }
        catch (Exception error) when (error is HarnessException or IOException or OperationCanceledException) { return; }
    }

    static async Task<int> PidAsync(IFarCommand started, string folder, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < PidCharacters && await started.Output.ReadAsync(one, cancellation) > 0 && one[0] != '\n')
            line.Append((char)one[0]);
        if (int.TryParse(line.ToString().Trim(), CultureInfo.InvariantCulture, out var pid)) return pid;
        using var errors = new StreamReader(started.Error);
        throw new HarnessException($"The device's shell did not start a worker in {folder}: '{line}' " +
            (await errors.ReadToEndAsync(cancellation)).Trim());
    }
}
