using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Harness.Agent.Drivers.External;
using Harness.Agent.Measuring;
using Harness.Agent.Running;
using Harness.Core.Registry;

namespace Harness.Agent.Drivers.Serial;

/// <summary>
/// Runs the test samples of a trial on a micro board that holds one trained classifier and takes inputs over a serial line. The board
/// itself times its inferences; it is not told any target.
/// </summary>
public sealed class SerialAgent(SerialOptions board, Catalogue catalogue, DirectoryInfo cache, DriverOptions options, TimeProvider time)
    : IDeviceAgent
{
    readonly SampleFiles samples = new(catalogue, cache);
    DeviceCard? card;

    /// <exception cref="HarnessException">The board does not answer as the firmware of MLPerf Tiny does.</exception>
    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation)
    {
        if (card is not null) return card;
        using var port = await SerialPort.OpenAsync(board, cancellation);
        var runner = new EnergyRunnerBoard(port, board.Patience, time);
        var (name, (firmware, model)) = (await runner.NameAsync(cancellation), await runner.ProfileAsync(cancellation));
        return card = new($"mcu-{LocalDevice.Slug(name)}", options.Class, name, 1, 0, "none", firmware)
        {
            Emulated = name.Contains("emulated", StringComparison.OrdinalIgnoreCase),
            Details = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["firmware"] = firmware, ["model"] = model },
        };
    }

    /// <summary>
    /// The last observation is always the one <see cref="Finished"/>; cancelling ends the run as aborted instead of throwing.
    /// </summary>
    public async IAsyncEnumerable<Observation> RunAsync(Trial trial, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var limit = new CancellationTokenSource(options.Limits.Time, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, limit.Token);
        var channel = Channel.CreateUnbounded<Observation>();
        var running = Task.Run(async () =>
        {
            channel.Writer.TryWrite(await ToEndAsync(trial, channel.Writer, cancellation, limit.Token, both.Token));
            channel.Writer.Complete();
        }, CancellationToken.None);
        try
        {
            await foreach (var observation in channel.Reader.ReadAllAsync(CancellationToken.None)) yield return observation;
        }
        finally
        {
            await ended.CancelAsync();
            await running;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<Finished> ToEndAsync(Trial trial, ChannelWriter<Observation> observations, CancellationToken cancelled,
        CancellationToken late, CancellationToken both)
    {
        try
        {
            await RunAsync(options.RequestFor(trial, cache.FullName), observation => observations.TryWrite(observation), both);
            return new(RunState.Ok, null);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancelled.IsCancellationRequested)
        {
            return new(RunState.Timeout, $"The time limit of {options.Limits.Time} passed; raise limits.time.");
        }
        catch (OperationCanceledException) { return new(RunState.Aborted, "The run was cancelled."); }
        catch (UnsupportedException error) { return new(RunState.Unsupported, error.Message); }
        catch (Exception error) when (error is HarnessException or IOException or UnauthorizedAccessException)
        {
            return new(RunState.InfraError, error.Message);
        }
    }

    async Task RunAsync(RunRequest request, Action<Observation> emit, CancellationToken cancellation)
    {
        emit(new Hello(WorkerLine.Protocol, "serial", "1"));
        if (board.Family is { } held && request.Trial.Family != held)
            throw new UnsupportedException($"The board at {board.Port} holds {held} and cannot run {request.Trial.Family}.");
        emit(new PhaseStarted("load"));
        await samples.LayOutAsync(request.Trial, cancellation);
        using var port = await SerialPort.OpenAsync(board, cancellation);
        var runner = new EnergyRunnerBoard(port, board.Patience, time);
        await runner.NameAsync(cancellation);
        emit(new PhaseStarted("predict"));
        var index = 0;
        foreach (var line in File.ReadLines(Path.Combine(samples.FolderOf(request.Trial).FullName, "test.jsonl"))
            .Take(request.Trial.Limit ?? int.MaxValue))
        {
            await runner.LoadAsync(BytesOf(line, index), cancellation);
            var answer = await runner.InferAsync(1, 0, cancellation);
            emit(new Timed("offline", 1, answer.Nanoseconds));
            emit(new Predicted(index++, [ClassOf(answer.Results)]));
        }
        if (request.LatencySamples == 0) return;
        emit(new PhaseStarted("latency"));
        var laps = await runner.InferAsync(request.LatencySamples, request.WarmupCalls, cancellation);
        emit(new Timed("single_stream", request.LatencySamples, laps.Nanoseconds));
    }

    // A class and how sure the board is of it: what benchmarks of labelled images take.
    static JsonElement ClassOf(IReadOnlyList<double> results)
    {
        var best = Enumerable.Range(0, results.Count).MaxBy(index => results[index]);
        return WorkerLine.ToElement(new { label = best, confidence = results[best] }, "The board's answer");
    }

    static byte[] BytesOf(string line, int index) =>
        JsonDocument.Parse(line).RootElement.TryGetProperty("pixels", out var pixels) && pixels.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw new UnsupportedException($"A board over a serial line takes bytes; sample {index} has no pixels of bytes.");
}
