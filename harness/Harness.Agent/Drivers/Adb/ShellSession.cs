using System.Buffers.Binary;
using System.IO.Pipelines;
using Harness.Agent.Drivers.Far;

namespace Harness.Agent.Drivers.Adb;

/// <summary>
/// A command under way over the protocol of <c>shell,v2</c>: packets of one byte of kind, a little-endian length, and as many bytes.
/// </summary>
sealed class ShellSession : IFarCommand
{
    enum Kind : byte { Input, Output, Error, Exit, CloseInput }

    const int HeaderBytes = 5;

    readonly Stream socket;
    readonly Pipe output = new();
    readonly Pipe error = new();
    readonly SemaphoreSlim writing = new(1);

    public ShellSession(Stream socket)
    {
        this.socket = socket;
        (Input, Output, Error) = (new InputStream(this), output.Reader.AsStream(), error.Reader.AsStream());
        Exit = PumpAsync();
    }

    public Stream Input { get; }
    public Stream Output { get; }
    public Stream Error { get; }
    public Task<int?> Exit { get; }

    public async ValueTask DisposeAsync()
    {
        await socket.DisposeAsync();
        await output.Reader.CompleteAsync();
        await error.Reader.CompleteAsync();
        await Exit;
    }

    async Task<int?> PumpAsync()
    {
        int? code = null;
        var header = new byte[HeaderBytes];
        try
        {
            while (code is null)
            {
                await socket.ReadExactlyAsync(header);
                var content = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
                await socket.ReadExactlyAsync(content);
                switch ((Kind)header[0])
                {
                    case Kind.Output: await output.Writer.WriteAsync(content); break;
                    case Kind.Error: await error.Writer.WriteAsync(content); break;
                    case Kind.Exit when content.Length > 0: code = content[0]; break;
                }
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OverflowException) { code = null; }
        await output.Writer.CompleteAsync();
        await error.Writer.CompleteAsync();
        return code;
    }

    async Task SendAsync(Kind kind, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var packet = new byte[HeaderBytes + content.Length];
        packet[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(1), content.Length);
        content.CopyTo(packet.AsMemory(HeaderBytes));
        await writing.WaitAsync(cancellation);
        try { await socket.WriteAsync(packet, cancellation); }
        finally { writing.Release(); }
    }

    /// <summary>Standard input of the command: write only, whole packets at a time.</summary>
    sealed class InputStream(ShellSession session) : Stream
    {
        // What adb passes on in one packet is bounded.
        const int BlockBytes = 64 * 1024;

        bool closed;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => !closed;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            for (; buffer.Length > 0; buffer = buffer[Math.Min(BlockBytes, buffer.Length)..])
                await session.SendAsync(Kind.Input, buffer[..Math.Min(BlockBytes, buffer.Length)], cancellationToken);
        }

        public override async ValueTask DisposeAsync()
        {
            if (!closed) await CloseAsync();
            await base.DisposeAsync();
        }

        async Task CloseAsync()
        {
            closed = true;
            // A command that has ended no longer takes it.
            try { await session.SendAsync(Kind.CloseInput, default, CancellationToken.None); }
            catch (Exception error) when (error is IOException or ObjectDisposedException) { return; }
        }

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) =>
            WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
    }
}
