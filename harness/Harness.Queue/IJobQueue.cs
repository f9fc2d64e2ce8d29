namespace Harness.Queue;

/// <summary>
/// A durable queue of jobs. Every job ends with exactly one result, whatever happens to devices, clocks and this process: a lease has a
/// token, only the newest token completes, and the store itself refuses a second result. All members may be called from any thread.
/// </summary>
/// <remarks>A lease has four ends (renewed, completed, released, lost) and a job one beginning: five members, none of them
/// derivable.</remarks>
public interface IJobQueue : IAsyncDisposable
{
    /// <summary>False where the job is known already, ended or not. Durable when it returns.</summary>
    ValueTask<bool> EnqueueAsync(Job job, CancellationToken cancellation);

    /// <summary>The oldest job of the class that this device may have now, or null. Does not wait.</summary>
    ValueTask<Lease?> LeaseOrNullAsync(string device, string deviceClass, CancellationToken cancellation);

    /// <summary>Makes the lease hold for its whole duration from now on; false where the device has lost it.</summary>
    ValueTask<bool> RenewAsync(LeaseKey lease, CancellationToken cancellation);

    /// <summary>Stores the result, as the job's or as that of a stale attempt. Durable when it returns; may be repeated.</summary>
    ValueTask<Completion> CompleteAsync(JobResult result, CancellationToken cancellation);

    /// <summary>Gives a job back that failed for the device's sake.</summary>
    ValueTask<Release> ReleaseAsync(LeaseKey lease, string reason, CancellationToken cancellation);
}

/// <summary>What a queue remembers.</summary>
public interface IJobLedger
{
    /// <summary>Results that arrived after a sequence number, in order of arrival; 0 is from the beginning.</summary>
    ValueTask<IReadOnlyList<StoredResult>> ResultsAsync(long after, int most, CancellationToken cancellation);

    ValueTask<Job?> JobOrNullAsync(string job, CancellationToken cancellation);

    /// <summary>Every attempt at a job, oldest first; none where the job is unknown.</summary>
    ValueTask<IReadOnlyList<Attempt>> AttemptsAsync(string job, CancellationToken cancellation);

    /// <summary>Results that came too late, for a job.</summary>
    ValueTask<IReadOnlyList<JobResult>> StaleAsync(string job, CancellationToken cancellation);

    ValueTask<IReadOnlyList<Depth>> DepthsAsync(CancellationToken cancellation);
}
