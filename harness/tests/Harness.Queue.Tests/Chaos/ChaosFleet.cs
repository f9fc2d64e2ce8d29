using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Harness.Agent.Running;
using Harness.Agent.Serving;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Jobs;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using NATS.Client.Core;

namespace Harness.Queue.Tests.Chaos;

/// <summary>What a run of chaos ended in.</summary>
/// <param name="Problems">Each is a broken promise; empty is what must be.</param>
public sealed record ChaosReport(int Seed, string Script, int Jobs, int Results, int Stale, int Lost, int Released, TimeSpan Took,
    IReadOnlyList<string> Problems);

/// <summary>A whole fleet over a real nats-server, in one process, and the blows that a script deals it.</summary>
public sealed class ChaosFleet
{
    static readonly QueueRules Rules = new()
    {
        Lease = TimeSpan.FromSeconds(3), BackOff = TimeSpan.FromMilliseconds(50), Retries = int.MaxValue - 1, Losses = int.MaxValue - 1,
    };

    readonly DirectoryInfo _folder, _agentFolders;
    readonly SmallDisk? _disk;
    readonly ChaosScript _script;
    readonly int _seed;
    readonly JumpingTime _time = new();
    readonly DeviceKey _own = DeviceKey.Create(), _operators = DeviceKey.Create();
    readonly List<DeviceKey> _keys;
    readonly List<TroubledDevice> _devices;
    readonly List<(Task Serving, CancellationTokenSource Stop, TroubledLink Link)> _agents = [];
    readonly TroubledBlobs _blobs;
    readonly FolderBlobStore _contents;
    readonly DeviceRegistry _registry;
    readonly CancellationToken _cancellation;
    NatsServer _server = null!;
    FleetAddress _address = null!;
    NatsConnection _connection = null!;
    NatsJobQueue _queue = null!;
    Coordinator _coordinator = null!;
    FleetGate _gate = null!;

    ChaosFleet(DirectoryInfo folder, SmallDisk? disk, int seed, int jobs, int agents, CancellationToken cancellation)
    {
        (_folder, _disk, _seed, _cancellation) = (folder, disk, seed, cancellation);
        _agentFolders = new(Path.Combine((disk?.Folder ?? folder).FullName, "agents"));
        _script = new(seed, jobs, agents);
        _keys = [.. Enumerable.Range(0, agents).Select(_ => DeviceKey.Create())];
        _devices = [.. _script.DeviceSeeds.Select(each => new TroubledDevice(each))];
        _contents = new(new(Path.Combine((disk?.Folder ?? folder).FullName, "contents")));
        _blobs = new(_contents, _script.DiskSeed);
        _registry = new(new(Path.Combine(folder.FullName, "devices.json")), _time);
        _registry.Add([.. _keys.Select((key, index) => new FleetDevice($"d{index}", "cpu", key.Public, DateTimeOffset.UnixEpoch))]);
    }

    /// <param name="program">The nats-server.</param>
    /// <param name="port">A free one.</param>
    /// <param name="disk">Where agents and contents are kept; it is filled now and then. Null injects full disks in the program.</param>
    public static async Task<ChaosReport> RunAsync(string program, int port, int seed, int jobs, int agents, SmallDisk? disk,
        CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("harness-chaos-");
        try
        {
            return await new ChaosFleet(folder, disk, seed, jobs, agents, cancellation).RunAsync(program, port, jobs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    async Task<ChaosReport> RunAsync(string program, int port, int jobs)
    {
        var start = TimeProvider.System.GetTimestamp();
        _server = await NatsServer.StartAsync(new(program, new(Path.Combine(_folder.FullName, "server")), "127.0.0.1", port, null),
            ServerUsers.Text(_own.Public, _operators.Public, _registry), TimeProvider.System, _ => { }, _cancellation);
        _address = new(_server.Url, EnrolmentToken.Plain);
        await OpenAsync();
        var wanted = Enumerable.Range(0, jobs).Select(number => new Job("chaos", 0, new("suite", "benchmark", "data@1", "family@1",
            JsonDocument.Parse("{}").RootElement, number, "cpu", 1), [], new(null, null))).ToList();
        foreach (var some in wanted.Chunk(100)) await Task.WhenAll(some.Select(job => _queue.EnqueueAsync(job, _cancellation).AsTask()));
        for (var agent = 0; agent < _keys.Count; agent++) _agents.Add(Serve(agent, _script.LinkSeeds[agent]));
        var filling = _disk?.FillAsync(_script.DiskSeed, _cancellation) ?? Task.CompletedTask;
        foreach (var step in _script.Steps)
        {
            await UntilAsync(step.At);
            await DealAsync(step);
        }
        await UntilAsync(jobs);
        if (_disk is not null) _disk.Troubled = false;
        await filling;
        await CalmAsync();
        var report = await CheckAsync(wanted, TimeProvider.System.GetElapsedTime(start));
        await CloseAsync();
        await _server.DisposeAsync();
        return report;
    }

    async Task DealAsync(ChaosStep step)
    {
        switch (step.Blow)
        {
            case Blow.KillAgent:
                await KillAsync(step.Target);
                _agents[step.Target] = Serve(step.Target, _script.LinkSeeds[step.Target] + step.At);
                break;
            case Blow.KillServer: _server.Crash(); break;
            case Blow.RestartCoordinator:
                await CloseAsync();
                await OpenAsync();
                break;
            case Blow.ClockForward: _time.Jump(TimeSpan.FromSeconds(5)); break;
            case Blow.ClockBack: _time.Jump(TimeSpan.FromSeconds(-5)); break;
        }
    }

    async Task OpenAsync()
    {
        _connection = new NatsConnection(_address.Options(_own, "_INBOX_coordinator"));
        await ConnectAsync();
        _queue = await NatsJobQueue.OpenAsync(_connection, Rules, _time, _cancellation);
        _coordinator = new(new(_queue, _queue, _blobs, _registry, new FleetJournal(null, _time, _ => { }), DeviceKey.Confirms, Rules, _time)
        {
            InfraErrorsToQuarantine = int.MaxValue,
        });
        _gate = new FleetGate(_connection, _coordinator);
    }

    async Task ConnectAsync()
    {
        while (true)
        {
            try
            {
                await _connection.ConnectAsync();
                return;
            }
            catch (NatsException)
            {
                await Task.Delay(100, _cancellation);
            }
        }
    }

    /// <summary>Nothing is saved on the way out, so that this is what a kill leaves.</summary>
    async Task CloseAsync()
    {
        await _gate.DisposeAsync();
        await _coordinator.DisposeAsync();
        await _queue.DisposeAsync();
        await _connection.DisposeAsync();
    }

    (Task, CancellationTokenSource, TroubledLink) Serve(int agent, int seed)
    {
        var nats = NatsFleetLink.ForDevice(_address, _keys[agent], $"d{agent}");
        nats.Patience = TimeSpan.FromSeconds(3);
        var link = new TroubledLink(nats, seed);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        var parts = new AgentParts(link, _keys[agent], _devices[agent], (_, _) => _devices[agent],
            new(Path.Combine(_agentFolders.FullName, $"d{agent}")), "chaos", "1", _time, _ => { })
        {
            LeaseWait = TimeSpan.FromSeconds(1), IdlePause = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(20),
            LongestPause = TimeSpan.FromMilliseconds(300),
        };
        return (Task.Run(() => new FleetAgent(parts).RunAsync(stop.Token), CancellationToken.None), stop, link);
    }

    async Task KillAsync(int agent)
    {
        var (serving, stop, link) = _agents[agent];
        link.Dead = true;
        await stop.CancelAsync();
        await serving;
        await link.DisposeAsync();
        stop.Dispose();
    }

    async Task UntilAsync(int results)
    {
        while (await CountAsync() < results) await Task.Delay(10, _cancellation);
    }

    async Task<int> CountAsync() => (await _queue.ResultsAsync(0, int.MaxValue, _cancellation)).Count;

    /// <summary>Lets agents deliver what still lies in their spools, undisturbed, and ends them.</summary>
    async Task CalmAsync()
    {
        _blobs.Troubled = false;
        foreach (var device in _devices) device.Troubled = false;
        foreach (var (_, _, link) in _agents) link.Troubled = false;
        while (_agentFolders.EnumerateFiles("*.json", SearchOption.AllDirectories).Any(file => file.Directory!.Name == "spool"))
            await Task.Delay(20, _cancellation);
        for (var agent = 0; agent < _agents.Count; agent++) await KillAsync(agent);
    }

    async Task<ChaosReport> CheckAsync(List<Job> jobs, TimeSpan took)
    {
        var problems = new List<string>();
        // What counts is what the streams hold, not what this process believes: the queue is read anew.
        await CloseAsync();
        await OpenAsync();
        var results = await _queue.ResultsAsync(0, int.MaxValue, _cancellation);
        var byJob = results.GroupBy(result => result.Result.Lease.Job, StringComparer.Ordinal).ToDictionary(group => group.Key, group =>
            group.ToList());
        var (stale, lost, released) = (0, 0, 0);
        foreach (var job in jobs)
        {
            if (!byJob.Remove(job.Id, out var own)) problems.Add($"job {job.Trial.Seed} is lost");
            else if (own.Count != 1) problems.Add($"job {job.Trial.Seed} ended {own.Count} times");
            else if (await FaultOrNullAsync(job, own[0].Result) is { } fault) problems.Add($"job {job.Trial.Seed}: {fault}");
            var attempts = await _queue.AttemptsAsync(job.Id, _cancellation);
            stale += (await _queue.StaleAsync(job.Id, _cancellation)).Count;
            lost += attempts.Count(attempt => attempt.End == AttemptEnd.Lost);
            released += attempts.Count(attempt => attempt.End == AttemptEnd.Released);
            if (!attempts.Select(attempt => attempt.Token).SequenceEqual(attempts.Select(attempt => attempt.Token).Order().Distinct()))
                problems.Add($"the tokens of job {job.Trial.Seed} do not grow");
        }
        problems.AddRange(byJob.Keys.Select(job => $"nobody asked for job {job}"));
        var refused = _agentFolders.EnumerateFiles("*", SearchOption.AllDirectories).Count(file => file.Directory!.Name == "refused");
        if (refused > 0) problems.Add($"{refused} files of results were refused for good");
        return new(_seed, _script.ToString(), jobs.Count, results.Count, stale, lost, released, took, problems);
    }

    async Task<string?> FaultOrNullAsync(Job job, JobResult result)
    {
        var key = _keys[int.Parse(result.Lease.Device[1..])];
        if (!DeviceKey.Confirms(key.Public, Encoding.UTF8.GetBytes(result.Envelope), result.Signature)) return "the signature is wrong";
        var envelope = JsonSerializer.Deserialize<Protocol.Envelope>(result.Envelope, CanonicalJson.Options)!;
        if (envelope.State != RunState.Ok) return $"it ended as {envelope.State}: {envelope.Reason}";
        if (envelope.Job != job.Id || envelope.Token != result.Lease.Token) return "the envelope is another's";
        var packed = await _contents.ReadAsync(envelope.Observations, 0, int.MaxValue, _cancellation);
        if (BlobHash.Of(packed) != envelope.Observations) return "the observations are corrupt";
        using var lines = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        var predictions = new List<int>();
        await foreach (var observation in WorkerLine.ReadAllAsync(lines, _cancellation))
            if (observation is Predicted predicted) predictions.AddRange(predicted.Predictions.Select(element => element.GetInt32()));
        return predictions.SequenceEqual(TroubledDevice.Expected(job.Trial).Select(element => element.GetInt32())) ? null
            : "the predictions are not those of the trial";
    }
}
