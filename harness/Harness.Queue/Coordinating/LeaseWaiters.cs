using System.Collections.Concurrent;

namespace Harness.Queue.Coordinating;

/// <summary>Requests that wait for a job, by class and in order, so that one new job wakes one device and not the whole fleet.</summary>
sealed class LeaseWaiters(TimeProvider time)
{
    readonly ConcurrentDictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Takes a place before the queue is asked, so that no job slips in between.</summary>
    public TaskCompletionSource Join(string deviceClass)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var queue = _waiting.GetOrAdd(deviceClass, _ => new());
        lock (queue) queue.Enqueue(waiter);
        return waiter;
    }

    /// <summary>Leaves the place; a call that came meanwhile goes to the next one.</summary>
    public void Leave(string deviceClass, TaskCompletionSource waiter)
    {
        if (!waiter.TrySetCanceled()) Wake(deviceClass);
    }

    /// <summary>Returns when woken or after <paramref name="most"/>.</summary>
    public async Task WaitAsync(TaskCompletionSource waiter, TimeSpan most, CancellationToken cancellation)
    {
        try
        {
            await waiter.Task.WaitAsync(most, time, cancellation);
        }
        catch (TimeoutException)
        {
            waiter.TrySetCanceled(CancellationToken.None);
        }
    }

    public void Wake(string deviceClass, int count = 1)
    {
        if (!_waiting.TryGetValue(deviceClass, out var queue)) return;
        lock (queue)
        {
            while (count > 0 && queue.TryDequeue(out var waiter))
                if (waiter.TrySetResult()) count--;
        }
    }

    /// <summary>Wakes the first of every class: leases pass and waits end without anybody saying so.</summary>
    public void WakeFirsts()
    {
        foreach (var deviceClass in _waiting.Keys) Wake(deviceClass);
    }
}
