using System.Net;
using System.Net.Sockets;

namespace Harness.FakePhone;

/// <summary>
/// Stands in for an Android phone: speaks the transport protocol of adbd, takes files into a folder of this machine, and runs commands by
/// this machine's shell, programs for Arm through <c>qemu-aarch64-static</c>. It says of itself that it is emulated.
/// </summary>
public sealed class Phone : IAsyncDisposable
{
    readonly TcpListener listener;
    readonly CancellationTokenSource stopped = new();
    readonly Task accepting;
    readonly List<Transport> transports = [];

    /// <param name="storage">Stands for the phone's file system; nothing outside of it can be written over <c>sync:</c>.</param>
    /// <param name="port">0 takes a free one.</param>
    public Phone(DirectoryInfo storage, int port = 0)
    {
        Commands = new(storage);
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>As <c>adb connect</c> wants it, and as adb then calls the phone.</summary>
    public string Serial => listener.LocalEndpoint.ToString()!;

    /// <summary>The folder that a driver is to work in.</summary>
    public string Folder => Commands.Folder;

    /// <summary>Services that were asked for, in order, e.g. <c>shell,v2,raw:getprop</c>.</summary>
    public IReadOnlyList<string> Services
    {
        get { lock (transports) return [.. services]; }
    }

    /// <summary>What it says to offer; without <c>shell_v2</c> it is older than Android 7.</summary>
    public string Features { get; set; } = "shell_v2,cmd";

    /// <summary>Bytes of files taken so far.</summary>
    public long TakenBytes => Commands.TakenBytes;

    internal Commands Commands { get; }

    readonly List<string> services = [];

    internal void Note(string service)
    {
        lock (transports) services.Add(service);
    }

    /// <summary>Drops every connection, as a pulled cable does.</summary>
    public void PullCable()
    {
        lock (transports) transports.ForEach(transport => transport.Drop());
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
        PullCable();
        await accepting;
        Commands.Dispose();
        stopped.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (!stopped.IsCancellationRequested)
            {
                var transport = new Transport(await listener.AcceptSocketAsync(stopped.Token), this);
                lock (transports) transports.Add(transport);
                _ = transport.ServeAsync();
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException) { return; }
    }
}
