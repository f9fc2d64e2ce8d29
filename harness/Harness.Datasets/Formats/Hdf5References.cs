namespace Harness.Datasets.Formats;

/// <summary>
/// The same file, in which sequences of varying length are bit fields: what PureHDF then reads of them are the references into the global
/// heaps, which it does not hand out otherwise.
/// </summary>
/// <param name="classes">Where a datatype states that it is such a sequence; ascending.</param>
sealed class Hdf5References(Stream file, IReadOnlyList<long> classes) : Stream
{
    const byte BitField = 4;

    readonly long[] _classes = [.. classes];

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => file.Length;
    public override long Position { get => file.Position; set => file.Position = value; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var start = file.Position;
        var count = file.Read(buffer);
        var first = Array.BinarySearch(_classes, start);
        for (var i = first < 0 ? ~first : first; i < _classes.Length && _classes[i] < start + count; i++)
        {
            ref var kind = ref buffer[(int)(_classes[i] - start)];
            kind = (byte)(kind & 0xF0 | BitField); // the version of the message stays
        }
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);
    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
