using Harness.Core.Registry;

namespace Harness.Agent.Running;

/// <summary>The worker's side of the line protocol: reads one request, runs it, writes the observations, ends.</summary>
/// <param name="catalogue">Turns the names of a trial into objects.</param>
/// <param name="version">Version of the harness, for the first line.</param>
/// <param name="exit">Ends the process at once; called when the agent is gone and the model does not stop by itself.</param>
public sealed class WorkerServer(Catalogue catalogue, IReadOnlyList<IProbe> probes, TimeProvider time, string version,
    Action<int> exit)
{
    public const int Done = 0;
    /// <summary>The request could not be read.</summary>
    public const int BadRequest = 2;
    /// <summary>The agent went away.</summary>
    public const int Orphaned = 3;

    /// <summary>How long a cancelled model may take to notice before the process ends.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the worker calls itself in its first line.</summary>
    public string Name { get; init; } = "harness";

    readonly Lock writing = new();

    /// <summary>Serves one run.</summary>
    /// <param name="input">Requests, one a line; its end means that the agent is gone.</param>
    /// <param name="output">Belongs to the protocol alone: nothing else may write to it (<see cref="StandardOutput.Claim"/>).</param>
    /// <returns>The exit code of the process.</returns>
    public int Run(TextReader input, TextWriter output)
    {
        void Emit(Observation observation) => Write(output, observation);
        try
        {
            Emit(new Hello(WorkerLine.Protocol, Name, version));
            return Serve(input, Emit);
        }
        catch (IOException)
        {
            return Orphaned;
        }
    }

    int Serve(TextReader input, Action<Observation> emit)
    {
        if (ReadRequest(input, out var refusal) is not { } request)
        {
            emit(refusal!);
            return BadRequest;
        }
        // Neither is disposed: the listener outlives the run, until the process ends.
        var cancelled = new CancellationTokenSource();
        var over = new ManualResetEventSlim();
        new Thread(() => Listen(input, cancelled, over)) { Name = "requests", IsBackground = true }.Start();
        try { RunTrial(request, emit, cancelled.Token); }
        finally { over.Set(); }
        return Done;
    }

    void RunTrial(RunRequest request, Action<Observation> emit, CancellationToken cancellation)
    {
        IBenchmark benchmark;
        try { benchmark = catalogue.Benchmark(request.Trial.Suite, request.Trial.Benchmark).Benchmark; }
        catch (UnknownNameException error)
        {
            emit(Failure.Of(error, cancellation));
            return;
        }
        new TrialRunner(benchmark, request, time, probes, emit, cancellation).Run();
    }

    static RunRequest? ReadRequest(TextReader input, out Finished? refusal)
    {
        refusal = null;
        try
        {
            if (input.ReadLine() is not { } line) refusal = new(RunState.Aborted, "Standard input closed before a request came.");
            else if (WorkerLine.ReadRequest(line) is not RunRequest request)
                refusal = new(RunState.Aborted, "Cancelled before a run was asked for.");
            else if (request.Protocol != WorkerLine.Protocol)
                refusal = new(RunState.InfraError, $"The request speaks protocol {request.Protocol}, the worker {WorkerLine.Protocol}.");
            else return request;
        }
        catch (ProtocolException error)
        {
            refusal = new(RunState.InfraError, $"The request cannot be read. {error.Message}");
        }
        return null;
    }

    void Listen(TextReader input, CancellationTokenSource cancelled, ManualResetEventSlim over)
    {
        while (ReadLineOrNull(input) is { } line)
            if (IsCancel(line)) break;
        if (over.IsSet) return;
        cancelled.Cancel();
        if (!over.Wait(Patience)) exit(Orphaned);
    }

    static string? ReadLineOrNull(TextReader input)
    {
        try { return input.ReadLine(); }
        catch (IOException) { return null; }
    }

    // A line that is not a request is no reason to lose a run that is under way.
    static bool IsCancel(string line)
    {
        try { return WorkerLine.ReadRequest(line) is CancelRequest; }
        catch (ProtocolException) { return false; }
    }

    void Write(TextWriter output, Observation observation)
    {
        var line = WorkerLine.Write(observation);
        lock (writing)
        {
            output.Write(line);
            output.Write('\n');
            output.Flush();
        }
    }
}
