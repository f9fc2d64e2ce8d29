using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>A matrix of spikes as one bit per value, and as counts beside them where some value is neither zero nor one.</summary>
/// <param name="packed">int64 [rows, words] (<see cref="SpikeBits"/>).</param>
/// <param name="values">float32 [rows, columns], or null where all values are zeros and ones.</param>
sealed unsafe class SpikeEvents(Tensor packed, int columns, Tensor? values) : IDisposable
{
    public Tensor Packed => packed;
    public Tensor? Values => values;
    public long Rows => packed.shape[0];
    public int Columns => columns;
    public ulong* Bits => Words(packed);
    public MatrixView Counts => values is null ? default : MatrixView.OfRows(TensorMemory.Floats(values), columns);

    /// <param name="input">float32 [rows, columns], contiguous; kept, not copied, where counts are needed.</param>
    public static SpikeEvents Of(Tensor input)
    {
        var (rows, columns) = (input.shape[0], checked((int)input.shape[1]));
        var packed = empty(rows, SpikeBits.Words(columns), int64);
        var (_, ones) = SpikeBits.Pack(TensorMemory.Floats(input), Words(packed), rows, columns);
        return new(packed, columns, ones ? null : input);
    }

    /// <summary>The matrix itself, float32 [rows, columns].</summary>
    public Tensor Unpacked()
    {
        if (values is not null) return values.alias();
        var result = empty(Rows, columns);
        SpikeBits.Unpack(Bits, TensorMemory.Floats(result), Rows, columns);
        return result;
    }

    /// <summary>int64 [columns, words of rows].</summary>
    public Tensor Transposed()
    {
        var result = empty(columns, SpikeBits.Words(Rows), int64);
        SpikeBits.Transpose(Bits, Words(result), Rows, columns);
        return result;
    }

    public static ulong* Words(Tensor bits) => (ulong*)TensorMemory.Longs(bits);

    public void Dispose() => packed.Dispose();
}
