using System.Diagnostics.CodeAnalysis;
using Harness.Queue;
using Harness.Queue.Blobs;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>Why an agent stopped serving.</summary>
public enum AgentEnd { Stopped, Revoked, Enough }

/// <summary>
/// Serves a fleet with one device: asks for a job, fetches its bundle, runs it, keeps the result until the coordinator has confirmed it. It
/// only ever calls out, and it lives through absences of the coordinator.
/// </summary>
public sealed class FleetAgent
{
    readonly AgentParts _parts;
    readonly Spool _spool;
    readonly Delivery _delivery;
    readonly BundleCache _bundles;
    ClockOffset? _clock;
    HealthReport? _health;
    int _jobs;

    public FleetAgent(AgentParts parts)
    {
        _parts = parts;
        _spool = new Spool(new(Path.Combine(parts.State.FullName, "spool")));
        _delivery = new Delivery(parts.Link, _spool, parts.Log);
        _bundles = new BundleCache(new(Path.Combine(parts.State.FullName, "bundles")), parts.Link);
    }

    /// <summary>Serves until it is stopped or its key is refused. A run that is under way when it is stopped is given back.</summary>
    public async Task<AgentEnd> RunAsync(CancellationToken cancellation)
    {
        _spool.Clear();
        var pause = _parts.FirstPause;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await OnceAsync(cancellation) is { } end) return end;
                pause = _parts.FirstPause;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { break; }
            catch (RefusedException refused) when (refused.Refusal is Refusal.Revoked or Refusal.NotEnrolled)
            {
                _parts.Log($"the coordinator does not know this device any more: {refused.Message}");
                return AgentEnd.Revoked;
            }
            catch (Exception failure) when (failure is HarnessException or IOException)
            {
                _parts.Log($"{failure.Message} Next attempt in {pause.TotalSeconds:0.#} s.");
                if (!await PausedAsync(pause, cancellation)) break;
                pause = pause * 2 < _parts.LongestPause ? pause * 2 : _parts.LongestPause;
            }
        }
        return AgentEnd.Stopped;
    }

    /// <summary>One round: deliver, say hello, and run one job if there is one.</summary>
    async Task<AgentEnd?> OnceAsync(CancellationToken cancellation)
    {
        await _delivery.DeliverAsync(null, cancellation);
        if (_parts.MostJobs <= _jobs) return AgentEnd.Enough;
        _clock ??= await ClockSync.MeasureAsync(_parts.Link, _parts.Time, cancellation);
        var condition = _parts.Gates.Condition();
        var obstacle = _parts.Gates.ObstacleOrNull(condition);
        var standing = await HelloAsync(obstacle is null ? DeviceState.Idle : DeviceState.Cooling, obstacle, condition, cancellation);
        if (standing.WantsHealth) return await ExamineAsync(condition, cancellation);
        if (standing.Standing == DeviceState.Retired) return AgentEnd.Revoked;
        if (obstacle is not null || standing.Standing == DeviceState.Quarantined || standing.Draining)
        {
            await PausedAsync(_parts.IdlePause, cancellation);
            return null;
        }
        var answer = await _parts.Link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(_parts.LeaseWait.TotalSeconds, []), cancellation);
        var lease = answer.Lease;
        while (lease is not null) lease = await ServeAsync(lease, standing, cancellation);
        return null;
    }

    async Task<AgentEnd?> ExamineAsync(DeviceCondition condition, CancellationToken cancellation)
    {
        _health = GoldenWorkload.Run(_parts.Time);
        _clock = await ClockSync.MeasureAsync(_parts.Link, _parts.Time, cancellation);
        await HelloAsync(DeviceState.Idle, null, condition, cancellation);
        _health = null;
        return null;
    }

    async Task<HelloAnswer> HelloAsync(DeviceState state, string? note, DeviceCondition condition, CancellationToken cancellation)
    {
        var card = await _parts.Device.DescribeAsync(cancellation);
        return await _parts.Link.AskAsync<HelloRequest, HelloAnswer>("hello", new(card, _parts.Driver, _parts.Version, state)
        {
            Note = note, Clock = _clock, Health = _health, Celsius = condition.Celsius, BatteryPercent = condition.BatteryPercent,
        }, cancellation);
    }

    /// <summary>Runs a job and brings its result; gives the next job where there was one at once and this device may start it.</summary>
    async Task<Lease?> ServeAsync(Lease lease, HelloAnswer standing, CancellationToken cancellation)
    {
        _jobs++;
        _parts.Log($"job {lease.Job.Id}: {lease.Job.Trial.Family} on {lease.Job.Trial.Protocol} seed {lease.Job.Trial.Seed}");
        await using var tenure = new Tenure(_parts, lease);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, tenure.Lost);
        try
        {
            var bundle = await _bundles.FetchAsync(lease, ended.Token);
            await RunAsync(lease, standing, bundle, tenure, ended.Token);
        }
        catch (OperationCanceledException) when (tenure.Lost.IsCancellationRequested)
        {
            _parts.Log($"job {lease.Job.Id} was lost to another device and is ended here");
            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await GiveBackAsync(lease, "the agent was stopped");
            throw;
        }
        catch (Exception failure) when (failure is IOException or HarnessException and not (LinkDownException or RefusedException))
        {
            _parts.Log($"job {lease.Job.Id} is given back: {failure.Message}");
            await GiveBackAsync(lease, failure.Message);
            return null;
        }
        await tenure.DisposeAsync();
        var ready = !(_parts.MostJobs <= _jobs) && _parts.Gates.ObstacleOrNull(_parts.Gates.Condition()) is null;
        return (await _delivery.DeliverAsync(ready ? new(0, []) : null, cancellation))?.Lease;
    }

    async Task RunAsync(Lease lease, HelloAnswer standing, IReadOnlyList<BundleFile> bundle, Tenure tenure, CancellationToken cancellation)
    {
        var started = _parts.Time.GetUtcNow();
        await using var file = _spool.Begin(lease.Job.Id, lease.Token);
        var device = OpenOrNull(lease.Job, bundle, out var refusal);
        try
        {
            // The unit is named by the fleet: two machines of one kind are two devices.
            var card = await (device ?? _parts.Device).DescribeAsync(cancellation) with { Id = standing.Name, Class = standing.Class };
            var finished = device is null ? refusal! : await ObserveAsync(device, lease.Job.Trial, file, tenure, cancellation);
            // A run that ended because this agent was stopped or lost the lease is no result.
            cancellation.ThrowIfCancellationRequested();
            if (device is null) await file.AddAsync(refusal!, cancellation);
            await file.CloseAsync();
            _spool.Finish(file, new Envelope(lease.Job.Id, lease.Token, standing.Name, card, finished.State, finished.Reason,
                await BlobHash.OfAsync(file.File, cancellation), file.File.Length, started, _parts.Time.GetUtcNow(), _clock), _parts.Key);
        }
        finally
        {
            if (device is not null && device != _parts.Device) await device.DisposeAsync();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure is a row, never a hole.")]
    static async Task<Finished> ObserveAsync(IDeviceAgent device, Trial trial, ObservationFile file, Tenure tenure,
        CancellationToken cancellation)
    {
        Finished? finished = null;
        try
        {
            await foreach (var observation in device.RunAsync(trial, cancellation))
            {
                await file.AddAsync(observation, cancellation);
                tenure.Watch(observation);
                finished = observation as Finished ?? finished;
            }
            if (finished is not null) return finished;
            finished = new(RunState.InfraError, "The agent ended without saying how the run ended.");
        }
        catch (Exception failure) when (failure is not (IOException or OperationCanceledException))
        {
            finished = new(RunState.InfraError, $"The agent failed: {failure.GetType().Name}: {failure.Message}");
        }
        await file.AddAsync(finished, cancellation);
        return finished;
    }

    IDeviceAgent? OpenOrNull(Job job, IReadOnlyList<BundleFile> bundle, out Finished? refusal)
    {
        refusal = null;
        try
        {
            return _parts.Open(job, bundle);
        }
        catch (UnsupportedException unsupported)
        {
            refusal = new(RunState.Unsupported, unsupported.Message);
            return null;
        }
    }

    /// <summary>Tells the coordinator at once instead of letting the lease pass; if it cannot be told, the lease passes.</summary>
    async Task GiveBackAsync(Lease lease, string reason)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await _parts.Link.AskAsync<ReleaseRequest, ReleaseAnswer>("release", new(lease.Job.Id, lease.Token, reason), limit.Token);
        }
        catch (Exception failure) when (failure is HarnessException or OperationCanceledException)
        {
            _parts.Log($"job {lease.Job.Id} could not be given back: {failure.Message}");
        }
    }

    async Task<bool> PausedAsync(TimeSpan pause, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(pause, _parts.Time, cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
