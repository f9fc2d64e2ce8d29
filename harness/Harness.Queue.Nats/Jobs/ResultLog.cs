namespace Harness.Queue.Nats.Jobs;

/// <summary>
/// The results in the order of their arrival, at most one for a job, many in a message. A message is only taken by the store if it follows
/// the last one that its writer knows: another coordinator that wrote meanwhile is read first, and what it has ended is not ended again. A
/// store that lost its last messages in a crash gets them once more.
/// </summary>
sealed class ResultLog : IAsyncDisposable
{
    readonly Streams _streams;
    readonly GroupCommit<JobResult, StoredResult> _commit;
    readonly Lock _gate = new();
    readonly Dictionary<string, StoredResult> _byJob = new(StringComparer.Ordinal);
    /// <summary>In the place before its number, every result with the message that holds it.</summary>
    readonly List<(StoredResult Result, ulong Message)> _inOrder = [];
    ulong _last;

    public ResultLog(Streams streams) => (_streams, _commit) = (streams, new(StoreAsync));

    public StoredResult? OfOrNull(string job)
    {
        lock (_gate) return _byJob.GetValueOrDefault(job);
    }

    /// <summary>The job's one result when it is durable: the given one, or the one that was there before.</summary>
    public Task<StoredResult> AppendAsync(JobResult result) => _commit.AppendAsync(result);

    /// <summary>Results behind a number, in order.</summary>
    public IReadOnlyList<StoredResult> After(long number, int most)
    {
        lock (_gate) return [.. _inOrder.Skip((int)long.Clamp(number, 0, _inOrder.Count)).Take(most).Select(each => each.Result)];
    }

    /// <summary>Reads what was written since the last look.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        foreach (var (content, sequence, _) in await _streams.AllAsync(Streams.Results, _last, cancellation))
        {
            // Before results were written together, a message was one of them.
            Keep(sequence, content is [(byte)'[', ..] ? GroupCommit<JobResult, StoredResult>.Read(content)
                : [Streams.Read<JobResult>(content)]);
        }
    }

    public ValueTask DisposeAsync() => _commit.DisposeAsync();

    async Task<IReadOnlyList<StoredResult>> StoreAsync(IReadOnlyList<Written<JobResult>> results)
    {
        while (true)
        {
            IReadOnlyList<Written<JobResult>> missing = ForgottenOrNull() is { } forgotten ? [forgotten]
                : [.. results.Where(result => OfOrNull(result.Value.Lease.Job) is null)];
            if (missing.Count == 0) return [.. results.Select(result => OfOrNull(result.Value.Lease.Job)!)];
            var written = await _streams.ContinueAsync(Streams.ResultSubject, GroupCommit<JobResult, StoredResult>.Message(missing), _last);
            if (written.Fits)
            {
                Keep(written.Sequence, [.. missing.Select(result => result.Value)]);
                continue;
            }
            // Another wrote, or the acknowledgement of an earlier try was lost, or a crash took the end of the stream.
            var last = await _streams.LastSequenceAsync(Streams.Results, CancellationToken.None);
            if (last < _last) _last = last;
            else await CatchUpAsync(CancellationToken.None);
        }
    }

    /// <summary>The first result whose message the store has lost; those before it are there, as messages only grow.</summary>
    Written<JobResult>? ForgottenOrNull()
    {
        lock (_gate)
        {
            var first = _inOrder.Count;
            while (first > 0 && _inOrder[first - 1].Message > _last) first--;
            if (first == _inOrder.Count) return null;
            var result = _inOrder[first].Result.Result;
            return new(result, Streams.Bytes(result));
        }
    }

    void Keep(ulong message, IReadOnlyList<JobResult> results)
    {
        lock (_gate)
        {
            _last = message;
            foreach (var result in results)
            {
                if (_byJob.TryGetValue(result.Lease.Job, out var known)) _inOrder[(int)known.Sequence - 1] = (known, message);
                else
                {
                    var stored = _byJob[result.Lease.Job] = new(_inOrder.Count + 1, result);
                    _inOrder.Add((stored, message));
                }
            }
        }
    }
}
