using System.Text.Json;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Slurm;

/// <summary>A worker inside a job of a cluster.</summary>
sealed class SlurmWorker : IWorkerChannel
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    // A shared file system may show a file some seconds after its writer is gone.
    static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Reach = TimeSpan.FromSeconds(60);
    // Codes above it are a shell's word for a signal.
    const int KilledBy = 128;

    readonly SlurmCommands slurm;
    readonly JobFolder folder;
    readonly int job;
    readonly TimeSpan period;
    readonly LogTail tail = new();
    readonly Task log;
    string end = "";

    public SlurmWorker(SlurmCommands slurm, JobFolder folder, int job, TimeSpan period)
    {
        (this.slurm, this.folder, this.job, this.period) = (slurm, folder, job, period);
        Input = new AppendedFile(folder);
        var gone = GoneAsync();
        Output = new GrowingFile(folder.Output, gone);
        log = tail.FollowAsync(new GrowingFile(folder.Log, gone));
        Ended = EndAsync(gone);
    }

    public Stream Input { get; }
    public Stream Output { get; }
    public string Log => string.Join(" | ", new[] { tail.ToString(), end }.Where(text => text.Length > 0));
    public Task<int?> Ended { get; }

    public async ValueTask TerminateAsync() => await CancelAsync("--signal=TERM", "--full");

    public async ValueTask KillAsync()
    {
        await CancelAsync();
        await Task.WhenAny(Ended, Task.Delay(Reach));
    }

    public ValueTask<IReadOnlyList<Reading>> ReadAsync() => ValueTask.FromResult<IReadOnlyList<Reading>>([]);

    public async ValueTask DisposeAsync()
    {
        if (!Ended.IsCompleted) await KillAsync();
        await Input.DisposeAsync();
        await Output.DisposeAsync();
        if (Ended.IsCompleted) folder.Delete();
    }

    async Task<int?> EndAsync(Task<int?> gone)
    {
        var code = await gone;
        await log;
        return code;
    }

    /// <summary>Looks for the code that the job leaves, and asks Slurm now and then whether the job still lives.</summary>
    async Task<int?> GoneAsync()
    {
        for (var elapsed = TimeSpan.Zero; ; elapsed += Look)
        {
            if (folder.CodeOrNull() is { } code) return code > KilledBy ? await KilledAsync(code) : code;
            if (elapsed >= period)
            {
                elapsed = TimeSpan.Zero;
                if (await StateOrNullAsync() is { Lives: false } over) return await LateCodeAsync(over);
            }
            await Task.Delay(Look);
        }
    }

    // The script may outlive what Slurm kills by long enough to say so: whether the program or the place failed, Slurm knows.
    async Task<int?> KilledAsync(int code)
    {
        for (var waited = TimeSpan.Zero; waited < Lag; waited += Look)
        {
            if (await StateOrNullAsync() is { Lives: false } over)
            {
                if (over.State is not ("CANCELLED" or "PREEMPTED" or "NODE_FAIL")) return code;
                await SayAsync(over);
                return null;
            }
            await Task.Delay(Look);
        }
        return code;
    }

    async Task<int?> LateCodeAsync(SlurmJob over)
    {
        for (var waited = TimeSpan.Zero; waited < Lag; waited += Look)
        {
            if (folder.CodeOrNull() is { } code) return code;
            await Task.Delay(Look);
        }
        await SayAsync(over);
        return null;
    }

    async Task SayAsync(SlurmJob over)
    {
        var notes = File.Exists(folder.Notes) ? (await File.ReadAllTextAsync(folder.Notes)).Trim().ReplaceLineEndings(" ") : "";
        end = $"Slurm job {job} is {over.State} {over.Reason} {notes}".TrimEnd();
    }

    // A controller that does not answer says nothing about the job.
    async Task<SlurmJob?> StateOrNullAsync()
    {
        using var patience = new CancellationTokenSource(Reach);
        try { return await slurm.FindOrNullAsync(job, patience.Token) ?? new(job, "GONE", "Slurm no longer lists it"); }
        catch (Exception error) when (error is HarnessException or OperationCanceledException or JsonException) { return null; }
    }

    async Task CancelAsync(params string[] arguments)
    {
        using var patience = new CancellationTokenSource(Reach);
        try { await slurm.CancelAsync(job, arguments, patience.Token); }
        catch (Exception error) when (error is HarnessException or OperationCanceledException) { return; }
    }

    /// <summary>Appends to the file of input; closing it leaves the mark that ends it.</summary>
    sealed class AppendedFile(JobFolder folder) : Stream
    {
        readonly FileStream file = new(folder.Input, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0);

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            file.WriteAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer, offset, count);
        public override void Flush() => file.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && file.CanWrite)
            {
                file.Dispose();
                File.WriteAllText(folder.Closed, "");
            }
            base.Dispose(disposing);
        }
    }
}
