using Harness.Queue.Nats.Jobs;
using Harness.Queue.Sqlite;
using NATS.Client.Core;

namespace Harness.Queue.Tests.Jobs;

/// <summary>A queue with what it stands on, so that a test can close it and open it again.</summary>
abstract class QueueHost : IAsyncDisposable
{
    public IJobQueue Queue { get; protected set; } = null!;
    public IJobLedger Ledger => (IJobLedger)Queue;

    public abstract Task ReopenAsync();
    public abstract ValueTask DisposeAsync();

    /// <summary>Asks until there is a lease: a lease that passes and a pause that ends come without a word.</summary>
    public async Task<Lease> LeasedAsync(string device, string deviceClass = "cpu")
    {
        while (true)
        {
            if (await Queue.LeaseOrNullAsync(device, deviceClass, TestContext.Current.CancellationToken) is { } lease) return lease;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

sealed class SqliteHost : QueueHost
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-queue-");
    readonly QueueRules _rules;

    public SqliteHost(QueueRules rules)
    {
        _rules = rules;
        Queue = Open();
    }

    public override async Task ReopenAsync()
    {
        await Queue.DisposeAsync();
        Queue = Open();
    }

    public override async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    SqliteJobQueue Open() => new(new FileInfo(Path.Combine(_folder.FullName, "queue.db")), _rules, TimeProvider.System);
}

sealed class NatsHost : QueueHost
{
    readonly NatsFixture _nats;
    readonly QueueRules _rules;
    NatsConnection _connection = null!;

    NatsHost(NatsFixture nats, QueueRules rules) => (_nats, _rules) = (nats, rules);

    public NatsFixture Nats => _nats;

    public static async Task<NatsHost> StartAsync(QueueRules rules)
    {
        var host = new NatsHost(await NatsFixture.StartAsync(), rules);
        await host.OpenAsync();
        return host;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _nats.DisposeAsync();
    }

    async Task OpenAsync()
    {
        _connection = await _nats.ConnectAsync();
        Queue = await NatsJobQueue.OpenAsync(_connection, _rules, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    async Task CloseAsync()
    {
        await Queue.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
