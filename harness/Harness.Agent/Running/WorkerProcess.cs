using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Harness.Agent.Running;

/// <summary>A worker as a child process with a session of its own. Disposing it leaves nothing of it behind.</summary>
sealed partial class WorkerProcess : IAsyncDisposable
{
    const int Terminate = 15;
    const int KillSignal = 9;
    const string MarkName = "HARNESS_WORKER";

    static readonly string[] SessionLeaders = ["/usr/bin/setsid", "/bin/setsid"];
    static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);
    static int started;

    readonly Process process;
    readonly Task log;
    readonly Task swept;
    readonly LogTail tail = new();
    Task drained = Task.CompletedTask;

    WorkerProcess(Process process, string mark)
    {
        this.process = process;
        Tree = new ProcessTree(process.Id, mark);
        log = tail.FollowAsync(process.StandardError.BaseStream);
        swept = SweepAsync();
    }

    public int Id => process.Id;
    public ProcessTree Tree { get; }
    public Stream Output => process.StandardOutput.BaseStream;
    /// <summary>Last lines of standard error so far.</summary>
    public string Log => tail.ToString();
    /// <summary>How the process ended, or null while it lives.</summary>
    public int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <exception cref="HarnessException">The command cannot be started.</exception>
    public static WorkerProcess Start(WorkerCommand command, IReadOnlyDictionary<string, string> environment)
    {
        var mark = $"{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}-{Interlocked.Increment(ref started)}";
        var start = StartInformation(command);
        foreach (var (name, value) in environment.Concat(command.Environment)) start.Environment[name] = value;
        start.Environment[MarkName] = mark;
        try { return new WorkerProcess(Process.Start(start)!, $"{MarkName}={mark}\0"); }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or DirectoryNotFoundException)
        {
            throw new HarnessException($"The worker '{command.FileName}' cannot be started: {error.Message}", error);
        }
    }

    /// <summary>Writes a line; false when the worker no longer listens, which its silence or its end will explain.</summary>
    public async Task<bool> SendAsync(WorkerRequest request)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(WorkerLine.Write(request) + "\n"));
            await process.StandardInput.BaseStream.FlushAsync();
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException) { return false; }
    }

    /// <summary>Asks to stop, then insists, then forces; returns when the process is gone.</summary>
    public async Task CancelAsync(TimeSpan grace, TimeProvider time)
    {
        var asked = SendAsync(new CancelRequest());
        await Task.WhenAny(asked, Task.Delay(grace, time));
        CloseInput();
        if (await EndsWithinAsync(grace, time)) return;
        _ = Signal(-Id, Terminate);
        if (await EndsWithinAsync(grace, time)) return;
        await KillAsync();
    }

    /// <summary>Kills the worker and its descendants; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) KillAll();
        await swept;
    }

    public async Task<bool> EndsWithinAsync(TimeSpan limit, TimeProvider time)
    {
        try { await process.WaitForExitAsync().WaitAsync(limit, time); }
        catch (TimeoutException) { return false; }
        return true;
    }

    /// <summary>Tells the worker that nothing more will come; false when it had closed its end already.</summary>
    public bool CloseInput()
    {
        try { process.StandardInput.Close(); }
        catch (IOException) { return false; }
        return true;
    }

    /// <summary>Reads on and forgets, so that a worker that still writes can come to its end.</summary>
    public void Drain() => drained = DrainAsync();

    /// <summary>Waits until the process is gone, its leftovers are killed and its log is read to the end.</summary>
    public async Task SettleAsync()
    {
        await swept;
        // A holder of the pipes that cannot be killed, e.g. one of another user, must not hold the agent.
        await Task.WhenAny(Task.WhenAll(log, drained), Task.Delay(PipePatience));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await SettleAsync();
        process.Dispose();
    }

    async Task DrainAsync()
    {
        try { await Output.CopyToAsync(Stream.Null); }
        catch (Exception error) when (error is IOException or ObjectDisposedException) { return; }
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
        foreach (var member in Tree.AllMembers()) _ = Signal(member, KillSignal);
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
