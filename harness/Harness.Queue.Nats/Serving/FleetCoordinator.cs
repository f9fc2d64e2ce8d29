using System.Net;
using System.Net.Sockets;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Local;
using Harness.Queue.Nats.Jobs;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Sqlite;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Serving;

/// <summary>How a coordinator is set up.</summary>
/// <param name="Folder">Keys, register of devices, contents, logs and the server's streams.</param>
public sealed record FleetCoordinatorOptions(DirectoryInfo Folder)
{
    public string Program { get; init; } = "nats-server";
    public string Host { get; init; } = "127.0.0.1";
    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = 4270;
    /// <summary>Without TLS; only a loopback address may.</summary>
    public bool Plain { get; init; }
    /// <summary>Further host names and addresses that the certificate is to hold for.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>A server that runs already; its administrator includes the file of users. Null starts a child.</summary>
    public FleetAddress? Existing { get; init; }
    /// <summary>Without a server: the queue is a file, and devices on this machine call over a socket of the folder.</summary>
    public bool Embedded { get; init; }
    public QueueRules Rules { get; init; } = QueueRules.Default;
    /// <summary>How long the streams of a child may take to answer before it counts as hung.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>A coordinator with its server: everything that `harness coordinator up` runs.</summary>
public sealed class FleetCoordinator : IAsyncDisposable
{
    readonly List<IAsyncDisposable> _parts = [];

    FleetCoordinator(FleetAddress address, Coordinator coordinator, OperatorFile operators, NatsServer? server) =>
        (Address, Coordinator, Operators, Server) = (address, coordinator, operators, server);

    public FleetAddress Address { get; }
    public Coordinator Coordinator { get; }
    public OperatorFile Operators { get; }
    /// <summary>The child; null where the server is somebody else's.</summary>
    public NatsServer? Server { get; }

    /// <param name="tell">Takes every line of the journal.</param>
    public static async Task<FleetCoordinator> StartAsync(FleetCoordinatorOptions options, TimeProvider time, Action<string> tell,
        CancellationToken cancellation)
    {
        if (options.Port == 0) options = options with { Port = FreePort() };
        var own = DeviceKey.OpenOrCreate(KeyFile(options, "coordinator.seed"));
        var operatorKey = DeviceKey.OpenOrCreate(KeyFile(options, "operator.seed"));
        var registry = new DeviceRegistry(new(Path.Combine(options.Folder.FullName, "devices.json")), time);
        var journal = new FleetJournal(new(Path.Combine(options.Folder.FullName, "logs")), time, tell);
        if (options.Embedded) return await EmbedAsync(options, registry, journal, operatorKey, time);
        string Users() => ServerUsers.Text(own.Public, operatorKey.Public, registry);

        var certificates = options.Plain || options.Existing is not null ? null : Certificates.Create(
            new(Path.Combine(options.Folder.FullName, "tls")), [.. options.Names, options.Host], time);
        var server = options.Existing is not null ? null : await NatsServer.StartAsync(new(options.Program,
            new(Path.Combine(options.Folder.FullName, "server")), options.Host, options.Port, certificates), Users(), time,
            line => Heard(journal, line), cancellation);
        // The server listens on what it was told; its own coordinator reaches it on this machine.
        var address = options.Existing ?? new FleetAddress(Reachable(server!.Url), certificates?.Fingerprint ?? EnrolmentToken.Plain);
        var connection = new NatsConnection(address.Options(own, "_INBOX_coordinator"));
        registry.AnnounceAsync = () => AnnounceAsync(options, server, Users());
        try
        {
            // A server of somebody else's must know the coordinator before it lets it in.
            if (server is null) await registry.AnnounceAsync();
            await ConnectAsync(connection, options);
            var queue = await NatsJobQueue.OpenAsync(connection, options.Rules, time, cancellation);
            var coordinator = new Coordinator(Parts(queue, options, registry, journal, time));
            var operators = new OperatorFile(address.Url, address.Authority, operatorKey.Seed);
            operators.Write(options.Folder);
            var gate = new FleetGate(connection, coordinator);
            var whole = new FleetCoordinator(address, coordinator, operators, server);
            whole._parts.AddRange([gate, coordinator, queue, connection]);
            if (server is null) return whole;
            whole._parts.Insert(0, new StoreWatch(connection, server, journal, options.StorePatience));
            whole._parts.Add(server);
            return whole;
        }
        catch
        {
            await connection.DisposeAsync();
            if (server is not null) await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A right to enrol one device, as the text that is carried to it.</summary>
    public static async ValueTask<EnrolmentToken> TokenAsync(Protocol.IFleetLink operators, string authority, string deviceClass,
        TimeSpan life,
        CancellationToken cancellation)
    {
        var token = new EnrolmentToken(DeviceKey.Create(), authority);
        await Protocol.LinkExtensions.AskAsync<TokenRequest, LinesAnswer>(operators, "token",
            new(deviceClass, token.Key.Public, life.TotalHours), cancellation);
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts) await part.DisposeAsync();
    }

    static FileInfo KeyFile(FleetCoordinatorOptions options, string name) => new(Path.Combine(options.Folder.FullName, "keys", name));

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static string Reachable(string url) => url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    static CoordinatorParts Parts<TQueue>(TQueue queue, FleetCoordinatorOptions options, DeviceRegistry registry, FleetJournal journal,
        TimeProvider time) where TQueue : IJobQueue, IJobLedger =>
        new(queue, queue, new FolderBlobStore(new(Path.Combine(options.Folder.FullName, "contents"))), registry, journal,
            DeviceKey.Confirms, options.Rules, time);

    static async Task<FleetCoordinator> EmbedAsync(FleetCoordinatorOptions options, DeviceRegistry registry, FleetJournal journal,
        DeviceKey operatorKey, TimeProvider time)
    {
        if (options.Existing is not null)
            throw new HarnessException("A coordinator without a broker has no use for the address of a server: leave one of the two out.");
        var queue = new SqliteJobQueue(new(Path.Combine(options.Folder.FullName, "queue.db")), options.Rules, time);
        var coordinator = new Coordinator(Parts(queue, options, registry, journal, time));
        try
        {
            var socket = new FileInfo(Path.Combine(options.Folder.FullName, "coordinator.sock"));
            var (address, gate) = (FleetAddress.Local(socket), new LocalGate(socket, coordinator, operatorKey.Public));
            var operators = new OperatorFile(address.Url, address.Authority, operatorKey.Seed);
            operators.Write(options.Folder);
            var whole = new FleetCoordinator(address, coordinator, operators, null);
            whole._parts.AddRange([gate, coordinator, queue]);
            return whole;
        }
        catch
        {
            await coordinator.DisposeAsync();
            await queue.DisposeAsync();
            throw;
        }
    }

    static async Task ConnectAsync(NatsConnection connection, FleetCoordinatorOptions options)
    {
        try
        {
            await connection.ConnectAsync();
        }
        catch (NatsException refused) when (options.Existing is { } existing)
        {
            throw new HarnessException($"The server at '{existing.Url}' does not let the coordinator in: {refused.Message} Let it run, let "
                + $"its configuration include '{UsersFile(options)}', and reload it.", refused);
        }
    }

    static string UsersFile(FleetCoordinatorOptions options) => Path.Combine(options.Folder.FullName, "users.conf");

    // A server of somebody else's reads the users from a file that its administrator includes in the configuration.
    static Task AnnounceAsync(FleetCoordinatorOptions options, NatsServer? server, string users)
    {
        if (server is not null) return server.ReloadAsync(users);
        DurableFile.Replace(UsersFile(options), System.Text.Encoding.ASCII.GetBytes(users));
        return Task.CompletedTask;
    }

    /// <summary>
    /// What the server refuses by itself belongs into the journal too: keys that are not known, rights that are not had, messages too
    /// long.
    /// </summary>
    static void Heard(FleetJournal journal, string line)
    {
        if (line.Contains("Violation", StringComparison.Ordinal)) journal.Refused("server", "message", Protocol.Refusal.NotAllowed, line);
        else if (line.Contains("authentication error", StringComparison.Ordinal)) journal.Refused("server", "connect",
            Protocol.Refusal.NotEnrolled, line);
        else if (line.Contains("maximum payload", StringComparison.OrdinalIgnoreCase)) journal.Refused("server", "message",
            Protocol.Refusal.Oversized, line);
        else if (line.Contains("[ERR]", StringComparison.Ordinal) || line.Contains("[FTL]", StringComparison.Ordinal)
            || !line.Contains('['))
            journal.Note("server", line);
    }
}
