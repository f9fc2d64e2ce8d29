using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Harness.Queue.Blobs;
using Harness.Queue.Nats.Keys;

namespace Harness.Queue.Nats.Serving;

/// <summary>How a server is run.</summary>
/// <param name="Program">The nats-server to start, a path or a name.</param>
/// <param name="Folder">Its configuration and its streams.</param>
/// <param name="Certificates">Null speaks plainly, which only a loopback address may.</param>
public sealed record NatsServerOptions(string Program, DirectoryInfo Folder, string Host, int Port, Certificates? Certificates)
{
    public long LargestStoreBytes { get; init; } = 20L << 30;
}

/// <summary>A nats-server as a child of this process: started anew when it dies, told of changed users without a restart.</summary>
public sealed partial class NatsServer : IAsyncDisposable
{
    const int HangUp = 1, Terminate = 15, Kill = 9;
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20), EndPatience = TimeSpan.FromSeconds(10),
        RestartPause = TimeSpan.FromMilliseconds(300);

    const string Reloaded = "Reloaded server configuration", ReloadFailed = "Failed to reload";
    static readonly TimeSpan ReloadPatience = TimeSpan.FromSeconds(10);

    readonly NatsServerOptions _options;
    readonly TimeProvider _time;
    readonly Action<string> _log;
    readonly Lock _gate = new();
    readonly CancellationTokenSource _ended = new();
    readonly SemaphoreSlim _reloading = new(1, 1);
    Process? _process;
    TaskCompletionSource<string>? _reloaded;
    Task _keeping = Task.CompletedTask;

    NatsServer(NatsServerOptions options, TimeProvider time, Action<string> log) => (_options, _time, _log) = (options, time, log);

    public string Url => $"{(_options.Certificates is null ? "nats" : "tls")}://{_options.Host}:{_options.Port}";
    public int ProcessId { get { lock (_gate) return _process?.Id ?? 0; } }

    /// <param name="users">The authorization block of the configuration.</param>
    /// <param name="log">Takes every line that the server logs.</param>
    /// <exception cref="HarnessException">The server is missing, or does not start; the message says what it said.</exception>
    public static async Task<NatsServer> StartAsync(NatsServerOptions options, string users, TimeProvider time, Action<string> log,
        CancellationToken cancellation)
    {
        if (options.Certificates is null && !FleetAddress.IsLoopback(options.Host))
            throw new HarnessException($"A server on '{options.Host}' must not speak plainly: leave --plain out, or listen on 127.0.0.1.");
        var server = new NatsServer(options, time, log);
        server.EndLeftover();
        server.Write(users);
        await server.LaunchAsync(cancellation);
        server._keeping = server.KeepAsync();
        return server;
    }

    /// <summary>
    /// Replaces the users and returns when the server goes by them; connections of those who stay go on, those of others end. A server
    /// that is
    /// not there at the moment reads them when it starts.
    /// </summary>
    /// <exception cref="QueueUnavailableException">The server did not take them.</exception>
    public async Task ReloadAsync(string users)
    {
        await _reloading.WaitAsync(_ended.Token);
        try
        {
            var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                Write(users);
                _reloaded = heard;
                if (_process is not { HasExited: false }) return;
                _ = Signal(_process.Id, HangUp);
            }
            var line = await heard.Task.WaitAsync(ReloadPatience, _ended.Token);
            if (line.Contains(ReloadFailed,
                StringComparison.Ordinal)) throw new QueueUnavailableException($"The server refused its users: {line}");
        }
        catch (TimeoutException late)
        {
            throw new QueueUnavailableException("The server did not read its users within the time.", late);
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>Ends the server at once, as a crash would: for tests of what follows.</summary>
    public void Crash()
    {
        lock (_gate) if (_process is { HasExited: false }) _ = Signal(_process.Id, Kill);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _keeping;
        if (_process is { } process)
        {
            await EndAsync(process);
            process.Dispose();
        }
        _ended.Dispose();
        _reloading.Dispose();
    }

    /// <summary>How much room its disk has, as part of a sentence.</summary>
    public string Room => $"its disk has room for {new DriveInfo(_options.Folder.FullName).AvailableFreeSpace >> 20} MiB";

    // A server whose disk was full does not end when it is asked to.
    static async Task EndAsync(Process process)
    {
        if (!process.HasExited) _ = Signal(process.Id, Terminate);
        using var patience = new CancellationTokenSource(EndPatience, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            if (!process.HasExited) _ = Signal(process.Id, Kill);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    string ConfigurationFile => Path.Combine(_options.Folder.FullName, "nats.conf");
    string ProcessFile => Path.Combine(_options.Folder.FullName, "nats.pid");

    // A coordinator that was killed leaves its server behind, with the port and the streams in its hands.
    void EndLeftover()
    {
        if (!File.Exists(ProcessFile) || !int.TryParse(File.ReadAllText(ProcessFile).Trim(), out var id)) return;
        var commandLine = $"/proc/{id}/cmdline";
        if (!File.Exists(commandLine) || !File.ReadAllText(commandLine).Contains(ConfigurationFile, StringComparison.Ordinal)) return;
        _log($"ending the server of a coordinator that is gone, process {id}");
        try
        {
            using var leftover = Process.GetProcessById(id);
            _ = Signal(id, Terminate);
            if (!leftover.WaitForExit(StartPatience)) _ = Signal(id, Kill);
        }
        catch (ArgumentException) { }
    }

    void Write(string users)
    {
        _options.Folder.Create();
        var text = new StringBuilder()
            .Append($"listen: \"{_options.Host}:{_options.Port}\"\n")
            .Append($"pid_file: \"{ProcessFile}\"\n")
            .Append($"max_payload: {Protocol.Frame.MaximumBytes}\nmax_connections: 65536\nwrite_deadline: \"10s\"\n")
            .Append($"jetstream {{ store_dir: \"{Path.Combine(_options.Folder.FullName, "streams")}\", max_mem: 64MB, ")
            .Append($"max_file: {_options.LargestStoreBytes} }}\n");
        if (_options.Certificates is { } certificates)
            text.Append($"tls {{ cert_file: \"{certificates.Server.FullName}\", ")
                .Append($"key_file: \"{certificates.ServerKey.FullName}\", timeout: 10 }}\n");
        DurableFile.Replace(ConfigurationFile, Encoding.UTF8.GetBytes(text.Append(users).ToString()));
    }

    async Task LaunchAsync(CancellationToken cancellation)
    {
        var said = new List<string>();
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(_options.Program, ["-c", ConfigurationFile])
            { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new HarnessException($"The server '{_options.Program}' cannot be started: {missing.Message}. Install it (Debian: apt-get "
                + "install nats-server), name it with --nats-server, or do without it on one machine: --embedded.", missing);
        }
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (said) if (said.Count < 20 || line.Data.Contains("[FTL]", StringComparison.Ordinal)) said.Add(line.Data);
            Heard(line.Data, ready);
            _log(line.Data);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        lock (_gate) _process = process;
        await ReadyAsync(process, ready.Task, said, cancellation);
    }

    void Heard(string line, TaskCompletionSource ready)
    {
        if (line.Contains("Server is ready", StringComparison.Ordinal)) ready.TrySetResult();
        // A server that starts reads its users like one that is told to.
        if (!line.Contains("Server is ready", StringComparison.Ordinal) && !line.Contains(Reloaded, StringComparison.Ordinal)
            && !line.Contains(ReloadFailed, StringComparison.Ordinal)) return;
        lock (_gate) _reloaded?.TrySetResult(line);
    }

    async Task ReadyAsync(Process process, Task ready, List<string> said, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var patience = Task.Delay(StartPatience, TimeProvider.System, limit.Token);
        var first = await Task.WhenAny(ready, process.WaitForExitAsync(limit.Token), patience);
        await limit.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        if (first == ready) return;
        string last;
        lock (said) last = said.LastOrDefault(line => line.Contains("[FTL]", StringComparison.Ordinal)) ?? said.LastOrDefault()
            ?? "nothing";
        if (!process.HasExited) _ = Signal(process.Id, Kill);
        throw new HarnessException($"The server '{_options.Program}' did not begin to serve {_options.Host}:{_options.Port}; "
            + $"its last word: {last}");
    }

    async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await _process!.WaitForExitAsync(_ended.Token);
                _log($"the server ended with code {_process.ExitCode} and is started again");
                await Task.Delay(RestartPause, TimeProvider.System, _ended.Token);
                _process.Dispose();
                await RelaunchAsync();
            }
        }
        catch (OperationCanceledException) { }
    }

    async Task RelaunchAsync()
    {
        while (true)
        {
            try
            {
                await LaunchAsync(_ended.Token);
                return;
            }
            catch (HarnessException failure)
            {
                _log($"the server does not start: {failure.Message}");
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, _ended.Token);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
