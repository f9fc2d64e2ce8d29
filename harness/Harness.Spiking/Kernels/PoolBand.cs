using System.Numerics;
using System.Runtime.InteropServices;

namespace Harness.Spiking.Kernels;

/// <summary>
/// The highest of the 3x3 values around each column of one row. Pooling of stride 2 wants only every second, but whole vectors are cheaper
/// than choices.
/// </summary>
sealed unsafe class PoolBand : IDisposable
{
    readonly int columns;
    // Of the three rows, per column; one column of padding on each side, and room for a whole vector.
    readonly float* heights;
    readonly int* places;
    // Of the three columns as well.
    readonly float* highest;
    readonly int* first;

    public PoolBand(int columns)
    {
        this.columns = columns;
        var length = (nuint)(columns + 2 + Vector<float>.Count);
        heights = (float*)NativeMemory.Alloc(length, sizeof(float));
        places = (int*)NativeMemory.Alloc(length, sizeof(int));
        highest = (float*)NativeMemory.Alloc(length, sizeof(float));
        first = (int*)NativeMemory.Alloc(length, sizeof(int));
        new Span<float>(heights, (int)length).Fill(float.NegativeInfinity);
        new Span<int>(places, (int)length).Fill(int.MaxValue);
    }

    /// <summary>Values [columns] around row <paramref name="y"/> of a plane; valid until the next call.</summary>
    public float* Highest(float* plane, int y, int rows)
    {
        var (above, below) = Neighbours(y, rows);
        float* top = plane + above * columns, middle = plane + y * columns, bottom = plane + below * columns;
        if (columns < Vector<float>.Count)
            for (var x = 0; x < columns; x++) heights[1 + x] = MathF.Max(MathF.Max(top[x], middle[x]), bottom[x]);
        else
            for (var x = 0; x < columns; x = Next(x))
                Vector.Store(Highest(Vector.Load(top + x), Vector.Load(middle + x), Vector.Load(bottom + x)), heights + 1 + x);
        for (var x = 0; x < columns; x += Vector<float>.Count)
            Vector.Store(Highest(Vector.Load(heights + x), Vector.Load(heights + x + 1), Vector.Load(heights + x + 2)), highest + x);
        return highest;
    }

    /// <summary>Where in the plane those values lie, the first by rows among equal ones; beyond the plane where nothing equals.</summary>
    public int* PlacesOfHighest(float* plane, int y, int rows)
    {
        Highest(plane, y, rows);
        var (above, below) = Neighbours(y, rows);
        if (columns < Vector<float>.Count)
            for (var x = 0; x < columns; x++)
                places[1 + x] = x + columns * (plane[above * columns + x] == heights[1 + x] ? above
                    : plane[y * columns + x] == heights[1 + x] ? y : below);
        else
            for (var x = 0; x < columns; x = Next(x)) FindRows(plane, above * columns + x, y * columns + x, below * columns + x, 1 + x);
        for (var x = 0; x < columns; x += Vector<float>.Count)
        {
            var wanted = Vector.Load(highest + x);
            Vector.Store(Vector.Min(Vector.Min(Where(wanted, x), Where(wanted, x + 1)), Where(wanted, x + 2)), first + x);
        }
        return first;
    }

    public void Dispose()
    {
        NativeMemory.Free(heights);
        NativeMemory.Free(places);
        NativeMemory.Free(highest);
        NativeMemory.Free(first);
    }

    static (int Above, int Below) Neighbours(int y, int rows) => (Math.Max(y - 1, 0), Math.Min(y + 1, rows - 1));

    static Vector<float> Highest(Vector<float> a, Vector<float> b, Vector<float> c) => Vector.MaxNative(Vector.MaxNative(a, b), c);

    // The last vector overlaps the one before, so that none reaches beyond the row.
    int Next(int x) => x == columns - Vector<float>.Count ? columns : Math.Min(x + Vector<float>.Count, columns - Vector<float>.Count);

    void FindRows(float* plane, int above, int middle, int below, int at)
    {
        var wanted = Vector.Load(heights + at);
        var found = Vector.ConditionalSelect(Vector.Equals(Vector.Load(plane + middle), wanted), At(middle), At(below));
        Vector.Store(Vector.ConditionalSelect(Vector.Equals(Vector.Load(plane + above), wanted), At(above), found), places + at);
    }

    static Vector<int> At(int place) => Vector<int>.Indices + new Vector<int>(place);

    Vector<int> Where(Vector<float> wanted, int at) => Vector.ConditionalSelect(
        Vector.Equals(Vector.Load(heights + at), wanted), Vector.Load(places + at), new Vector<int>(int.MaxValue));
}
