using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>A sign of life of a job, for those who watch. It is not kept: results are.</summary>
public sealed record JobProgress(long Sequence, string Job, string Device, DeviceState State, string? Phase, TrainingPoint? Point);

/// <summary>The last signs of life, and a bell that rings when there is news.</summary>
sealed class ProgressBoard(TimeProvider time)
{
    const int Kept = 10_000;

    readonly Lock _gate = new();
    readonly Queue<JobProgress> _recent = new();
    TaskCompletionSource _bell = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _last;

    public void Add(string job, string device, DeviceState state, string? phase, TrainingPoint? point)
    {
        lock (_gate)
        {
            _recent.Enqueue(new(++_last, job, device, state, phase, point));
            if (_recent.Count > Kept) _recent.Dequeue();
        }
        Ring();
    }

    /// <summary>What came after a number; a number from before this process began counts as 0.</summary>
    public IReadOnlyList<JobProgress> After(long sequence, int most)
    {
        lock (_gate)
        {
            if (sequence > _last) sequence = 0;
            return [.. _recent.Where(progress => progress.Sequence > sequence).Take(most)];
        }
    }

    public void Ring()
    {
        lock (_gate)
        {
            _bell.TrySetResult();
            _bell = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Completes at the next ring; taken before looking, so that none is missed.</summary>
    public Task NextRing { get { lock (_gate) return _bell.Task; } }

    public async Task WaitAsync(Task ring, TimeSpan most, CancellationToken cancellation)
    {
        try { await ring.WaitAsync(most, time, cancellation); }
        catch (TimeoutException) { }
    }
}
