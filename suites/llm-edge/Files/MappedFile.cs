using System.IO.MemoryMappedFiles;

namespace Suites.LlmEdge.Files;

/// <summary>The bytes of tensor data, wherever they lie.</summary>
unsafe interface ITensorData : IDisposable
{
    long Length { get; }

    /// <summary>Where <paramref name="count"/> bytes from <paramref name="offset"/> on lie; they are within the data.</summary>
    byte* At(long offset, long count);
}

/// <summary>A file mapped into memory for reading.</summary>
sealed unsafe class MappedFile : ITensorData
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly byte* _start;
    readonly long _length;

    public MappedFile(FileInfo file)
    {
        _length = file.Exists ? file.Length : throw new DataUnavailableException($"There is no file {file.FullName}.");
        if (_length == 0) throw new Harness.Datasets.Formats.DataFormatException(file.FullName, "it is empty");
        _file = MemoryMappedFile.CreateFromFile(file.FullName, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    public long Length => _length;

    public byte* At(long offset, long count) => offset >= 0 && count >= 0 && offset <= _length - count ? _start + offset
        : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{count} bytes there end outside the {_length} bytes");

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}

/// <summary>A whole file in memory of its own.</summary>
sealed unsafe class LoadedFile : ITensorData
{
    readonly Kernels.NativeBlock _memory;

    public LoadedFile(Stream stream)
    {
        _memory = new(stream.Length);
        const int Piece = 1 << 20;
        for (long at = 0; at < stream.Length; at += Piece)
            stream.ReadExactly(new(_memory.Pointer + at, (int)Math.Min(Piece, stream.Length - at)));
    }

    public long Length => _memory.Bytes;

    public byte* At(long offset, long count) => offset >= 0 && count >= 0 && offset <= _memory.Bytes - count ? _memory.Pointer + offset
        : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{count} bytes there end outside the {_memory.Bytes} bytes");

    public void Dispose() => _memory.Dispose();
}
