using System.Runtime.InteropServices;

namespace Harness.Spiking.Kernels;

/// <summary>A float32 matrix in memory, by its strides in values: a transpose costs nothing.</summary>
[StructLayout(LayoutKind.Auto)]
readonly unsafe struct MatrixView(float* values, long rowStride, long columnStride)
{
    public float* Values { get; } = values;
    public long RowStride { get; } = rowStride;
    public long ColumnStride { get; } = columnStride;

    /// <summary>Rows of <paramref name="columns"/> values, one after the other.</summary>
    public static MatrixView OfRows(float* values, long columns) => new(values, columns, 1);

    public MatrixView Transposed => new(Values, ColumnStride, RowStride);

    /// <summary>The part that starts at a row and a column.</summary>
    public MatrixView From(long row, long column) => new(Values + row * RowStride + column * ColumnStride, RowStride, ColumnStride);
}
