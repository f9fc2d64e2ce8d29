using System.Text;
using Harness.Agent.Running;

namespace Harness.Agent.Conformance;

/// <summary>A worker that the check talks to, line by line and with patience.</summary>
sealed class Dialogue : IAsyncDisposable
{
    readonly WorkerProcess worker;
    readonly LineReader lines;
    readonly TimeSpan patience;
    readonly TimeProvider time;

    public Dialogue(WorkerCommand command, TimeSpan patience, TimeProvider time)
    {
        (this.patience, this.time) = (patience, time);
        worker = WorkerProcess.Start(command, new Dictionary<string, string>(StringComparer.Ordinal), time);
        lines = new LineReader(worker.Output, WorkerLine.MaximumBytes);
    }

    public string Log => worker.Log;
    public long LogBytes => worker.LogBytes;

    /// <summary>Writes a line; one that the worker does not take shows in what it says next.</summary>
    public async Task SayAsync(string line)
    {
        try
        {
            await worker.Input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            await worker.Input.FlushAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException) { return; }
    }

    public async Task CloseInputAsync()
    {
        try { await worker.Input.DisposeAsync(); }
        catch (IOException) { return; }
    }

    /// <summary>The next observation; null when the worker has closed its output.</summary>
    /// <exception cref="ProtocolException">The line is none.</exception>
    /// <exception cref="TimeoutException">No line came in time.</exception>
    public async Task<Observation?> HearAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try { return await lines.ReadOrNullAsync(both.Token) is { } line ? WorkerLine.ReadObservation(line) : null; }
        catch (OperationCanceledException error) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"no line for {patience.TotalSeconds:0} s", error);
        }
    }

    /// <summary>Hears on to the end of the output.</summary>
    public async Task<List<Observation>> HearAllAsync(CancellationToken cancellation)
    {
        var heard = new List<Observation>();
        while (await HearAsync(cancellation) is { } observation) heard.Add(observation);
        return heard;
    }

    /// <summary>The exit code.</summary>
    /// <exception cref="TimeoutException">The worker did not end in time.</exception>
    public async Task<int> EndAsync()
    {
        try { return (await worker.Ended.WaitAsync(patience, time))!.Value; }
        catch (TimeoutException error) { throw new TimeoutException($"it still runs after {patience.TotalSeconds:0} s", error); }
    }

    public async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync();
        lines.Dispose();
    }
}
