namespace Harness.Agent.Drivers.Slurm;

/// <summary>Reads a file that another machine appends to, until it is told that nothing more will come.</summary>
/// <param name="ended">Ends when nothing more will be appended.</param>
sealed class GrowingFile(string path, Task ended) : Stream
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    readonly FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Asked before the file is read: what came before the end is then in the file.
            var last = ended.IsCompleted;
            if (await file.ReadAsync(buffer, cancellationToken) is var read && (read > 0 || last)) return read;
            await Task.WhenAny(ended, Task.Delay(Period, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
