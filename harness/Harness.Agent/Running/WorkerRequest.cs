using System.Text.Json.Serialization;

namespace Harness.Agent.Running;

/// <summary>One line that the agent writes to a worker's standard input (docs/worker-protocol.md).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunRequest), "run")]
[JsonDerivedType(typeof(CancelRequest), "cancel")]
public abstract record WorkerRequest;

/// <summary>The first line: what to run.</summary>
/// <param name="Protocol">Version of the line protocol, <see cref="WorkerLine.Protocol"/>.</param>
/// <param name="Cache">Absolute path of the folder that holds datasets and intermediate files.</param>
/// <param name="Threads">How many threads the computation may use.</param>
public sealed record RunRequest(int Protocol, Trial Trial, string Cache, int Threads) : WorkerRequest
{
    /// <summary>Samples per timed call of the offline stage.</summary>
    public int Batch { get; init; } = 64;
    /// <summary>Single-sample calls to time; 0 leaves the stage out.</summary>
    public int LatencySamples { get; init; } = 200;
    /// <summary>Single-sample calls before that stage, reported as warmup.</summary>
    public int WarmupCalls { get; init; } = 3;
    /// <summary>Test samples over which operations are counted; 0 leaves the stage out.</summary>
    public int CountSamples { get; init; } = 256;
    /// <summary>Absolute path of the file in which training keeps its state and from which it goes on; null keeps none.</summary>
    public string? Checkpoint { get; init; }
    /// <summary>
    /// Absolute path of a folder with the samples as JSON lines, for workers that cannot read the datasets; null where there is none.
    /// </summary>
    public string? Samples { get; init; }
}

/// <summary>Asks the worker to stop soon and to finish as aborted. Closing standard input asks for the same.</summary>
public sealed record CancelRequest : WorkerRequest;
