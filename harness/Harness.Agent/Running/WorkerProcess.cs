using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Harness.Agent.Running;

/// <summary>A worker as a child process with a session of its own. Disposing it leaves nothing of it behind.</summary>
sealed partial class WorkerProcess : IWorkerChannel
{
    const int Terminate = 15;
    const int KillSignal = 9;
    const string MarkName = "HARNESS_WORKER";

    static readonly string[] SessionLeaders = ["/usr/bin/setsid", "/bin/setsid"];
    static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);
    static int started;

    readonly Process process;
    readonly ProcessTree tree;
    readonly TimeProvider time;
    readonly Task log;
    readonly Task swept;
    readonly LogTail tail = new();
    MemoryWatch? memory;

    WorkerProcess(Process process, string mark, TimeProvider time)
    {
        (this.process, this.time) = (process, time);
        tree = new ProcessTree(process.Id, mark);
        log = tail.FollowAsync(process.StandardError.BaseStream);
        swept = SweepAsync();
        Ended = EndAsync();
    }

    public int Id => process.Id;
    public Stream Input => process.StandardInput.BaseStream;
    public Stream Output => process.StandardOutput.BaseStream;
    public string Log => tail.ToString();
    public long LogBytes => tail.Bytes;
    public Task<int?> Ended { get; }

    /// <exception cref="HarnessException">The command cannot be started.</exception>
    public static WorkerProcess Start(WorkerCommand command, IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        var mark = $"{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}-{Interlocked.Increment(ref started)}";
        var start = StartInformation(command);
        foreach (var (name, value) in environment.Concat(command.Environment)) start.Environment[name] = value;
        start.Environment[MarkName] = mark;
        try { return new WorkerProcess(Process.Start(start)!, $"{MarkName}={mark}\0", time); }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or DirectoryNotFoundException)
        {
            throw new HarnessException($"The worker '{command.FileName}' cannot be started: {error.Message}", error);
        }
    }

    public ValueTask TerminateAsync()
    {
        if (!process.HasExited) _ = Signal(-Id, Terminate);
        return ValueTask.CompletedTask;
    }

    public async ValueTask KillAsync()
    {
        if (!process.HasExited) KillAll();
        await swept;
    }

    public Task WatchAsync(WorkerLimits limits, Action<string> exceeded, CancellationToken cancellation)
    {
        memory = new MemoryWatch(tree, Id, limits, time);
        return memory.WatchAsync(exceeded, cancellation);
    }

    public ValueTask<IReadOnlyList<Reading>> ReadAsync()
    {
        memory?.Look();
        return ValueTask.FromResult<IReadOnlyList<Reading>>(memory is null ? [] : [memory.Peak]);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Ended;
        process.Dispose();
    }

    async Task<int?> EndAsync()
    {
        await swept;
        // A holder of the pipe that cannot be killed, e.g. one of another user, must not hold the agent.
        await Task.WhenAny(log, Task.Delay(PipePatience));
        return process.ExitCode;
    }

    // Whatever outlives the worker would hold its pipes open, and the processor busy for the next trial.
    async Task SweepAsync()
    {
        await process.WaitForExitAsync();
        KillAll();
    }

    void KillAll()
    {
        if (!process.HasExited) _ = Signal(-Id, KillSignal);
        foreach (var member in tree.AllMembers()) _ = Signal(member, KillSignal);
    }

    // setsid(1) replaces itself by the command: the process id stays, and session and group bear its number.
    static ProcessStartInfo StartInformation(WorkerCommand command)
    {
        var session = SessionLeaders.FirstOrDefault(File.Exists)
            ?? throw new HarnessException("A worker needs setsid (package util-linux), so that nothing of it can outlive its run.");
        return new(session, ["--", Resolve(command.FileName), .. command.Arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
    }

    static string Resolve(string fileName)
    {
        var folders = fileName.Contains('/') ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return folders.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists)
            ?? throw new HarnessException($"The worker '{fileName}' cannot be started: there is no such file" +
                (fileName.Contains('/') ? "." : " in any folder of PATH."));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
