using System.Net;
using System.Net.Sockets;
using Harness.Queue.Nats.Serving;
using NATS.Client.Core;

namespace Harness.Queue.Tests;

/// <summary>A real nats-server on a free loopback port, in a folder of its own.</summary>
sealed class NatsFixture : IAsyncDisposable
{
    NatsFixture(DirectoryInfo folder, NatsServer server) => (Folder, Server) = (folder, server);

    public DirectoryInfo Folder { get; }
    public NatsServer Server { get; }

    public static string? ProgramOrNull { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Append("/usr/sbin").Select(folder => Path.Combine(folder, "nats-server")).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is no server.</summary>
    public static string Program
    {
        get
        {
            Assert.SkipUnless(ProgramOrNull is not null, "needs nats-server (Debian: apt-get install nats-server)");
            return ProgramOrNull!;
        }
    }

    public static async Task<NatsFixture> StartAsync()
    {
        var program = Program;
        var folder = Directory.CreateTempSubdirectory("harness-nats-");
        var server = await NatsServer.StartAsync(new(program, folder, "127.0.0.1", FreePort(), null), "", TimeProvider.System, _ => { },
            TestContext.Current.CancellationToken);
        return new(folder, server);
    }

    public async Task<NatsConnection> ConnectAsync()
    {
        var connection = new NatsConnection(new NatsOpts { Url = Server.Url, MaxReconnectRetry = -1,
            ReconnectWaitMin = TimeSpan.FromMilliseconds(50),
            ReconnectWaitMax = TimeSpan.FromMilliseconds(200) });
        await connection.ConnectAsync();
        return connection;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Delete(recursive: true);
    }
}
