using System.Numerics;
using System.Runtime.InteropServices;

namespace Harness.Datasets;

/// <summary>A volume that is read in boxes, C order, so that it never needs to be in memory as a whole.</summary>
public interface IVolume<T> : IDisposable where T : unmanaged
{
    /// <summary>Lengths of the axes, e.g. [channel, z, y, x].</summary>
    IReadOnlyList<int> Shape { get; }

    /// <summary>Lengths of a box that is cheap to read: a chunk of the file.</summary>
    IReadOnlyList<int> Chunk { get; }

    /// <summary>Reads the box of <paramref name="size"/> at <paramref name="offset"/>; it must lie inside.</summary>
    void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target);
}

/// <summary>A volume in memory.</summary>
public sealed class ArrayVolume<T> : IVolume<T> where T : unmanaged
{
    readonly T[] _values;

    /// <exception cref="ArgumentException">The values are not as many as the shape asks for.</exception>
    public ArrayVolume(IReadOnlyList<int> shape, T[] values)
    {
        if (values.Length != shape.Aggregate(1L, (product, length) => product * length))
            throw new ArgumentException($"{values.Length} values for the shape {string.Join(" × ", shape)}.", nameof(values));
        (Shape, _values) = (shape, values);
    }

    public IReadOnlyList<int> Shape { get; }
    public IReadOnlyList<int> Chunk => Shape;
    public ReadOnlySpan<T> Values => _values;

    public void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target)
    {
        var box = Box.Of(offset, size, Shape, target.Length);
        foreach (var rows in box.Runs(Shape)) rows.Copy<T>(_values, 0, target, 1);
    }

    public void Dispose() { }
}

/// <summary>A part of a volume.</summary>
sealed record Box(int[] Offset, int[] Size)
{
    /// <exception cref="ArgumentException">The box does not lie inside the shape, or the target has another length.</exception>
    public static Box Of(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, IReadOnlyList<int> shape, int target)
    {
        var count = 1L;
        var inside = offset.Length == shape.Count && size.Length == shape.Count;
        for (var axis = 0; inside && axis < shape.Count; axis++)
        {
            inside = offset[axis] >= 0 && size[axis] >= 0 && (long)offset[axis] + size[axis] <= shape[axis];
            count *= size[axis];
        }
        if (!inside)
            throw new ArgumentException(
                $"The box at {Text(offset)} of size {Text(size)} does not lie in a volume of {string.Join(" × ", shape)}.", nameof(offset));
        if (count != target) throw new ArgumentException($"{target} places for a box of {count} values.", nameof(target));
        return new(offset.ToArray(), size.ToArray());
    }

    /// <summary>Rows whose values follow each other both in a volume of this shape and in the box.</summary>
    public Runs Runs(IReadOnlyList<int> shape) => new(this, shape, new Box(new int[Size.Length], Size), Size);

    static string Text(ReadOnlySpan<int> lengths) => $"({string.Join(", ", lengths.ToArray())})";
}

/// <summary>Rows of equal length at equal distances: where the first begins in the source and in the target.</summary>
/// <param name="Count">Values of a row.</param>
/// <param name="Number">Of rows.</param>
/// <param name="FromStep">From the beginning of a row to that of the next.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct Rows(long From, long To, int Count, int Number, long FromStep, long ToStep)
{
    /// <summary>Where the last row ends in the source.</summary>
    public long FromEnd => From + (Number - 1) * FromStep + Count;

    public Rows Part(int first, int number) =>
        this with { From = From + first * FromStep, To = To + first * ToStep, Number = number };

    /// <param name="source">A part of the source, which begins at <paramref name="start"/>.</param>
    /// <param name="width">How many <typeparamref name="T"/> a value has.</param>
    public void Copy<T>(ReadOnlySpan<T> source, long start, Span<T> target, int width) where T : unmanaged
    {
        var (length, from, to) = (Count * width, (From - start) * width, To * width);
        for (var row = 0; row < Number; row++, from += FromStep * width, to += ToStep * width)
            source.Slice((int)from, length).CopyTo(target.Slice((int)to, length));
    }
}

/// <summary>
/// The rows that copy a box of one volume to a box of the same size in another. Trailing axes that both boxes fill wholly are one row.
/// </summary>
[StructLayout(LayoutKind.Auto)]
struct Runs
{
    readonly int[] _size;
    readonly int[] _at;
    readonly long[] _fromStride;
    readonly long[] _toStride;
    readonly int _count;
    readonly int _axes;
    readonly (int Number, long FromStep, long ToStep) _rows = (1, 1, 1);
    long _from;
    long _to;
    bool _begun;

    public Runs(Box from, IReadOnlyList<int> fromShape, Box to, IReadOnlyList<int> toShape)
    {
        (_size, _axes) = (from.Size, from.Size.Length);
        (_at, _fromStride, _toStride) = (new int[_axes], Strides(fromShape), Strides(toShape));
        for (var axis = 0; axis < _axes; axis++)
        {
            _from += from.Offset[axis] * _fromStride[axis];
            _to += to.Offset[axis] * _toStride[axis];
        }
        _count = _size[--_axes];
        while (_axes > 0 && _size[_axes] == fromShape[_axes] && _size[_axes] == toShape[_axes]
            && (long)_count * _size[_axes - 1] <= int.MaxValue) _count *= _size[--_axes];
        if (_axes > 0) _rows = (_size[--_axes], _fromStride[_axes], _toStride[_axes]);
        if (_size.Contains(0)) (_begun, _axes) = (true, 0);
    }

    public readonly Rows Current => new(_from, _to, _count, _rows.Number, _rows.FromStep, _rows.ToStep);
    public readonly Runs GetEnumerator() => this;

    /// <summary>Whether there is a single row.</summary>
    public readonly bool IsOne => _axes == 0 && _rows.Number == 1 && !_begun;

    public bool MoveNext()
    {
        if (!_begun) return _begun = true;
        for (var axis = _axes - 1; axis >= 0; axis--)
        {
            (_from, _to) = (_from + _fromStride[axis], _to + _toStride[axis]);
            if (++_at[axis] < _size[axis]) return true;
            (_from, _to, _at[axis]) = (_from - _size[axis] * _fromStride[axis], _to - _size[axis] * _toStride[axis], 0);
        }
        return false;
    }

    static long[] Strides(IReadOnlyList<int> shape)
    {
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var axis = shape.Count - 1; axis >= 0; axis--) (strides[axis], stride) = (stride, stride * shape[axis]);
        return strides;
    }
}

/// <summary>A volume with elements of another type; those that do not fit are errors.</summary>
public sealed class ConvertedVolume<TSource, T>(IVolume<TSource> source) : IVolume<T>
    where TSource : unmanaged, INumberBase<TSource> where T : unmanaged, INumberBase<T>
{
    public IReadOnlyList<int> Shape => source.Shape;
    public IReadOnlyList<int> Chunk => source.Chunk;

    /// <exception cref="OverflowException">A value does not fit.</exception>
    public void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target)
    {
        var values = new TSource[target.Length];
        source.Read(offset, size, values);
        for (var i = 0; i < values.Length; i++) target[i] = T.CreateChecked(values[i]);
    }

    public void Dispose() => source.Dispose();
}
