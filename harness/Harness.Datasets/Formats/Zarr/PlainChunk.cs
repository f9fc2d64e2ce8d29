using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>
/// A chunk that is not packed, of which the wanted rows are read, and what lies between rows that are close to each other.
/// </summary>
/// <param name="type">Of the elements, of which <paramref name="count"/> are in the chunk.</param>
/// <param name="name">What messages call the chunk.</param>
sealed class PlainChunk(SafeFileHandle file, NumpyType type, long count, string name)
{
    const int WindowBytes = 1 << 17;    // stays in the processor's cache
    const int MostGapBytes = 1 << 12;   // are read in the time that another call takes

    readonly List<Rows> _window = [];

    /// <exception cref="DataFormatException">The file has another length than the chunk.</exception>
    public void Read(Runs runs, Span<byte> target)
    {
        var length = RandomAccess.GetLength(file);
        if (length != count * type.Size)
            throw new DataFormatException(name, $"it has {length:N0} bytes where {count * type.Size:N0} are expected");
        var bytes = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            foreach (var rows in runs) Add(rows, bytes, target);
            ReadWindow(bytes, target);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    void Add(Rows rows, byte[] bytes, Span<byte> target)
    {
        var fit = (WindowBytes / type.Size - rows.Count) / rows.FromStep + 1;
        var most = (rows.FromStep - rows.Count) * type.Size > MostGapBytes ? 1 : (int)Math.Clamp(fit, 1, rows.Number);
        for (var first = 0; first < rows.Number; first += most)
        {
            var part = rows.Part(first, Math.Min(most, rows.Number - first));
            if (_window.Count > 0 && ((part.From - _window[^1].FromEnd) * type.Size > MostGapBytes
                || (part.FromEnd - _window[0].From) * type.Size > WindowBytes)) ReadWindow(bytes, target);
            _window.Add(part);
        }
    }

    /// <summary>Reads rows that lie close to each other by one call.</summary>
    void ReadWindow(byte[] bytes, Span<byte> target)
    {
        if (_window.Count == 0) return;
        var start = _window[0].From;
        if (_window is [{ Number: 1 } row])
            Fill(start, target.Slice((int)(row.To * type.Size), row.Count * type.Size));
        else
        {
            var window = bytes.AsSpan(0, (int)((_window[^1].FromEnd - start) * type.Size));
            Fill(start, window);
            foreach (var rows in _window) rows.Copy(window, start, target, type.Size);
        }
        _window.Clear();
    }

    void Fill(long start, Span<byte> part)
    {
        for (var done = 0; done < part.Length;)
            done += RandomAccess.Read(file, part[done..], start * type.Size + done) is var read and > 0 ? read
                : throw new DataFormatException(name, "it became shorter while it was read");
        type.ToNative(part);
    }
}
