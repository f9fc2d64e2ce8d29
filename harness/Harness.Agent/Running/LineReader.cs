namespace Harness.Agent.Running;

/// <summary>Splits a byte stream into lines without ever holding more than one line and one block.</summary>
sealed class LineReader(Stream stream, int maximumBytes) : IDisposable
{
    readonly MemoryStream line = new();
    readonly byte[] block = new byte[64 * 1024];
    int position;
    int length;

    /// <summary>The next line without its end, or null at the end of the stream; an unfinished last line counts as a line.</summary>
    /// <exception cref="ProtocolException">The line is longer than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadOrNullAsync(CancellationToken cancellation)
    {
        line.SetLength(0);
        while (true)
        {
            if (position == length && !await FillAsync(cancellation)) return line.Length > 0 ? Text() : (ReadOnlyMemory<byte>?)null;
            var end = Array.IndexOf(block, (byte)'\n', position, length - position);
            var stop = end < 0 ? length : end;
            line.Write(block, position, stop - position);
            position = end < 0 ? length : end + 1;
            if (line.Length > maximumBytes)
                throw new ProtocolException($"A line is longer than {maximumBytes} bytes; it begins {WorkerLine.Quote(Text())}");
            if (end >= 0) return Text();
        }
    }

    public void Dispose() => line.Dispose();

    async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        position = 0;
        length = await stream.ReadAsync(block, cancellation);
        return length > 0;
    }

    ReadOnlyMemory<byte> Text()
    {
        var text = line.GetBuffer().AsMemory(0, (int)line.Length);
        return text.Length > 0 && text.Span[^1] == '\r' ? text[..^1] : text;
    }
}
