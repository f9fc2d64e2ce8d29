using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Harness.Benchmarks.Fleet;
using Harness.Cli;
using Harness.Queue;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Jobs;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;
using Harness.Queue.Sqlite;
using NATS.Client.Core;

namespace Harness.Benchmarks;

/// <summary>
/// <c>queue [--jobs 20000] [--agents 2000]</c>: jobs leased and completed per second, by the queues themselves and by agents that have a
/// connection each to a nats-server on this machine.
/// </summary>
static class QueueMode
{
    const int Callers = 256;

    public static Command Create()
    {
        var jobs = new Option<int>("--jobs") { DefaultValueFactory = _ => 20_000 };
        var agents = new Option<int>("--agents") { DefaultValueFactory = _ => 2_000 };
        var only = new Option<string?>("--only") { Description = "sqlite, streams, fleet or signed." };
        var repeats = new Option<int>("--repeats") { DefaultValueFactory = _ => 3, Description = "Reported rounds; one more goes before." };
        var command = new Command("queue", "Measure leased-and-completed jobs per second.") { jobs, agents, repeats, only };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (count, many) = (parsed.GetValue(jobs), parsed.GetValue(agents));
            var wanted = parsed.GetValue(only);
            var rows = new List<IReadOnlyList<string>>();
            // The first round warms the program up and is not reported.
            for (var repeat = 0; repeat <= parsed.GetValue(repeats); repeat++)
            {
                if (repeat == 1) rows.Clear();
                if (wanted is null or "sqlite") await InFolderAsync(async folder =>
                {
                    await using var queue = new SqliteJobQueue(new(Path.Combine(folder.FullName, "queue.db")), QueueRules.Default,
                        TimeProvider.System);
                    rows.Add(await QueueAsync("SQLite, flushed at every commit", queue, count, null, cancellation));
                });
                if (wanted is null or "streams") await InFolderAsync(async folder =>
                {
                    await using var server = await ServerAsync(folder, "", cancellation);
                    await using var connection = new NatsConnection(new NatsOpts { Url = server.Url,
                        RequestReplyMode = NatsRequestReplyMode.Direct });
                    await using var queue = await NatsJobQueue.OpenAsync(connection, QueueRules.Default, TimeProvider.System, cancellation);
                    rows.Add(await QueueAsync("NATS streams", queue, count, server, cancellation));
                });
                if (wanted is null or "fleet") await InFolderAsync(async folder =>
                    rows.Add(await FleetAsync(folder, count, many, signed: false, cancellation)));
                if (wanted is null or "signed") await InFolderAsync(async folder =>
                    rows.Add(await FleetAsync(folder, count, many, signed: true, cancellation)));
            }
            Terminal.Standard.Table(["what", "callers", "jobs", "enqueued/s", "leased and completed/s",
                "µs of processor per job: coordinator", "server", "agents"], rows);
            return 0;
        });
        return command;
    }

    /// <summary>The queue alone, asked by as many callers as would be answered at once.</summary>
    static async Task<IReadOnlyList<string>> QueueAsync(string name, IJobQueue queue, int count, NatsServer? server,
        CancellationToken cancellation)
    {
        var enqueued = await EnqueuedPerSecondAsync(queue, Jobs(count), cancellation);
        var (start, before) = (Stopwatch.GetTimestamp(), Used(server));
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (await queue.LeaseOrNullAsync($"d{caller}", "cpu", cancellation) is { } lease)
            {
                if (await queue.CompleteAsync(new(lease.Key, RunState.Ok, null, "envelope", "signature"),
                    cancellation) == Completion.Accepted)
                    Interlocked.Increment(ref done);
            }
        }, cancellation)));
        return Row(name, Callers, count, enqueued, done, Stopwatch.GetElapsedTime(start), Used(server) - before, null);
    }

    /// <summary>
    /// Everything that a job costs between an agent and the coordinator, except its run and the upload of what it observed.
    /// </summary>
    /// <param name="signed">Whether signatures are checked; without, the figure is that of queue and transport.</param>
    static async Task<IReadOnlyList<string>> FleetAsync(DirectoryInfo folder, int count, int agents, bool signed,
        CancellationToken cancellation)
    {
        var registry = new DeviceRegistry(new(Path.Combine(folder.FullName, "devices.json")), TimeProvider.System);
        var keys = Enumerable.Range(0, agents).Select(_ => DeviceKey.Create()).ToList();
        registry.Add([.. keys.Select((key, index) => new FleetDevice($"d{index}", "cpu", key.Public, DateTimeOffset.UnixEpoch))]);
        var (own, operators) = (DeviceKey.Create(), DeviceKey.Create());
        await using var server = await ServerAsync(folder, ServerUsers.Text(own.Public, operators.Public, registry), cancellation);
        var address = new FleetAddress(server.Url, EnrolmentToken.Plain);
        await using var connection = new NatsConnection(address.Options(own, "_INBOX_coordinator"));
        await connection.ConnectAsync();
        await using var queue = await NatsJobQueue.OpenAsync(connection, QueueRules.Default, TimeProvider.System, cancellation);
        var blobs = new FolderBlobStore(new(Path.Combine(folder.FullName, "contents")));
        SignatureCheck check = signed ? DeviceKey.Confirms : (_, _, _) => true;
        await using var coordinator = new Coordinator(new(queue, queue, blobs, registry,
            new FleetJournal(null, TimeProvider.System, _ => { }),
            check, QueueRules.Default, TimeProvider.System));
        await using var gate = new FleetGate(connection, coordinator);
        var content = "observations"u8.ToArray();
        await blobs.WriteAsync("all", BlobHash.Of(content), content.Length, 0, content, cancellation);

        var jobs = Jobs(count);
        await using var fleet = await FleetProcess.StartAsync(new(server.Url, [.. keys.Select(key => key.Seed)],
            [.. jobs.Select(job => job.Id)], CanonicalJson.Write(Card), BlobHash.Of(content), content.Length, signed));
        var enqueued = await EnqueuedPerSecondAsync(queue, jobs, cancellation);
        var (start, before) = (Stopwatch.GetTimestamp(), Used(server));
        var (done, used) = await fleet.ServeAsync();
        return Row($"agents over NATS, {(signed ? "signed" : "signatures not checked")}", agents, count, enqueued, done,
            Stopwatch.GetElapsedTime(start), Used(server) - before, used);
    }

    static DeviceCard Card { get; } = new("card", "cpu", "abacus", 1, 1 << 20, "none", "none") { Emulated = true };

    static List<Job> Jobs(int count)
    {
        var configuration = JsonDocument.Parse("{}").RootElement;
        return [.. Enumerable.Range(0, count).Select(seed => new Job("benchmark", 0,
            new("suite", "benchmark", "data@1", "family@1", configuration, seed, "cpu", 1), [], new(null, null)))];
    }

    static async Task<double> EnqueuedPerSecondAsync(IJobQueue queue, List<Job> jobs, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var some in jobs.Chunk(1000)) await Task.WhenAll(some.Select(job => queue.EnqueueAsync(job, cancellation).AsTask()));
        return jobs.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static IReadOnlyList<string> Row(string name, int callers, int count, double enqueued, int done, TimeSpan took, ProcessorTime used,
        TimeSpan? agents)
    {
        if (done != count) throw new HarnessException($"{name}: {done} of {count} jobs were completed.");
        return [name, $"{callers}", $"{count}", Rounded(enqueued), Rounded(done / took.TotalSeconds), PerJob(used.Own), PerJob(used.Server),
            PerJob(agents)];

        string PerJob(TimeSpan? time) => time is null ? "–" : Rounded(time.Value.TotalMicroseconds / done);
    }

    /// <summary>Unlike a rate it does not depend on what else the machine does.</summary>
    sealed record ProcessorTime(TimeSpan Own, TimeSpan? Server)
    {
        public static ProcessorTime operator -(ProcessorTime late, ProcessorTime early) =>
            new(late.Own - early.Own, late.Server - early.Server);
    }

    static ProcessorTime Used(NatsServer? server)
    {
        var own = Environment.CpuUsage.TotalTime;
        if (server is null) return new(own, null);
        using var child = Process.GetProcessById(server.ProcessId);
        return new(own, child.TotalProcessorTime);
    }

    static string Rounded(double value) => Math.Round(value).ToString("N0", CultureInfo.InvariantCulture);

    static Task<NatsServer> ServerAsync(DirectoryInfo folder, string users, CancellationToken cancellation) =>
        NatsServer.StartAsync(new("nats-server", new(Path.Combine(folder.FullName, "server")), "127.0.0.1", FreePort(), null), users,
            TimeProvider.System, _ => { }, cancellation);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static async Task InFolderAsync(Func<DirectoryInfo, Task> work)
    {
        var folder = Directory.CreateTempSubdirectory("harness-queue-");
        try { await work(folder); }
        finally { folder.Delete(recursive: true); }
    }
}
