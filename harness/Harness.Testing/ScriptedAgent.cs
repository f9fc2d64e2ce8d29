using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Harness.Testing;

/// <summary>An agent that tells what its script says and runs nothing. Disposing it more than once is counted, not punished.</summary>
/// <param name="script">The observations of a trial. It may wait, throw, or end without <see cref="Finished"/>.</param>
public sealed class ScriptedAgent(Func<Trial, CancellationToken, IAsyncEnumerable<Observation>> script) : IDeviceAgent
{
    readonly Lock _gate = new();
    readonly List<Trial> _trials = [];
    int _disposals;

    /// <summary>Tells the same whole list for every trial.</summary>
    public ScriptedAgent(params IReadOnlyList<Observation> observations) : this((_, _) => observations.ToAsyncEnumerable()) { }

    public DeviceCard Device { get; init; } = new("scripted", "cpu", "none", 1, 1L << 30, "none", "none") { Emulated = true };

    /// <summary>The trials it was asked to run, in order.</summary>
    public IReadOnlyList<Trial> Trials
    {
        get { lock (_gate) return [.. _trials]; }
    }

    public int Disposals => _disposals;

    /// <summary>What a worker tells of a run that goes well, with one prediction per test sample.</summary>
    public static IReadOnlyList<Observation> Success<TPrediction>(IEnumerable<TPrediction> predictions) =>
    [
        new Hello(1, "scripted", "1"), new PhaseStarted("fetch"), new PhaseStarted("load"), new PhaseStarted("train"),
        new Trained(new TrainingPoint(1, 0.5, null, 1)), new Timed("train", 1, 1_000_000), new Described(new Footprint(1, 8, 64), null),
        new PhaseStarted("predict"), new Timed("offline", 1, 1_000_000),
        new Predicted(0, [.. predictions.Select(prediction => JsonSerializer.SerializeToElement(prediction, CanonicalJson.Options))]),
        new Finished(RunState.Ok, null),
    ];

    /// <summary>What a worker tells of a run that ends early.</summary>
    public static IReadOnlyList<Observation> Failure(RunState state, string reason) =>
        [new Hello(1, "scripted", "1"), new PhaseStarted("fetch"), new Finished(state, reason)];

    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Device);
    }

    public async IAsyncEnumerable<Observation> RunAsync(Trial trial, [EnumeratorCancellation] CancellationToken cancellation)
    {
        lock (_gate) _trials.Add(trial);
        await foreach (var observation in script(trial, cancellation).WithCancellation(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return observation;
        }
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposals);
        return ValueTask.CompletedTask;
    }
}
