using System.Runtime.CompilerServices;

namespace Harness.Testing;

/// <summary>
/// Keeps runs in memory as a store on disk does: a run has a canonical form, is never overwritten, and is read in order of start.
/// </summary>
public sealed class InMemoryResultStore : IResultStore
{
    readonly Lock _gate = new();
    readonly List<RunRecord> _runs = [];

    /// <summary>Decides whether a run cannot be stored, e.g. because the disk is full; null stores it.</summary>
    public Func<RunRecord, Exception?> Refuse { get; init; } = _ => null;

    /// <summary>What was stored, in order of arrival, with samples and timings.</summary>
    public IReadOnlyList<RunRecord> Runs
    {
        get { lock (_gate) return [.. _runs]; }
    }

    /// <exception cref="HarnessException">A run of this id is stored already.</exception>
    /// <exception cref="ArgumentException">The run has no canonical form, e.g. a metric that is not a number.</exception>
    public ValueTask AppendAsync(RunRecord run, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        CanonicalJson.Write(run);
        if (Refuse(run) is { } refusal) return ValueTask.FromException(refusal);
        lock (_gate)
        {
            if (_runs.Exists(stored => stored.RunId == run.RunId))
                throw new HarnessException($"Run {run.RunId} is stored already; a run is never overwritten.");
            _runs.Add(run);
        }
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<RunRecord> ReadAsync(ResultFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var passing = Runs.Where(run => Passes(run, filter));
        foreach (var run in passing.OrderBy(run => run.Started).ThenBy(run => run.RunId, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return filter.Detail ? run : run with { Samples = [], Timings = [], Traces = [] };
        }
    }

    static bool Passes(RunRecord run, ResultFilter filter) =>
        Fits(filter.Suite, run.Trial.Suite) && Fits(filter.Protocol, run.Trial.Protocol) && Fits(filter.Session, run.Provenance.Session)
        && (Fits(filter.Family, run.Trial.Family) || Fits(filter.Family, run.Trial.Family.Split('@')[0]))
        && Fits(filter.RunId, run.RunId) && Fits(filter.TrialId, run.TrialId) && (filter.State is null || filter.State == run.State);

    static bool Fits(string? wanted, string actual) => wanted is null || wanted == actual;
}
