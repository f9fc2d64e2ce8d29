using Harness.Spiking.Kernels;
using Harness.Torch;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// y = x W^T + b of spikes or spike counts x, float32, and its gradients. Events or all values are multiplied, whichever is faster at the
/// density of x; the result is the same to the bit.
/// </summary>
static unsafe class SpikeProduct
{
    /// <param name="input">[rows, inputs], contiguous.</param>
    /// <param name="weight">[outputs, inputs].</param>
    public static ProductPath Choose(Tensor input, Tensor weight) =>
        ProductPaths.Choose(TensorMemory.Floats(input), input.shape[0], (int)input.shape[1], (int)weight.shape[0]);

    /// <param name="bias">[outputs], or null for none.</param>
    /// <returns>[rows, outputs].</returns>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias, ProductPath path)
    {
        if (path == ProductPath.Dense) return Dense(input, weight, bias);
        using var events = SpikeEvents.Of(input);
        return Of(events, weight, bias, path);
    }

    /// <inheritdoc cref="Of(Tensor, Tensor, Tensor, ProductPath)"/>
    public static Tensor Of(SpikeEvents events, Tensor weight, Tensor? bias, ProductPath path)
    {
        if (path == ProductPath.Dense)
        {
            using var input = events.Unpacked();
            return Dense(input, weight, bias);
        }
        using var weights = empty(weight.shape[1], weight.shape[0]);
        Transposition.Of(TensorMemory.Floats(weight), TensorMemory.Floats(weights), weight.shape[0], (int)weight.shape[1]);
        var output = empty(events.Rows, weight.shape[0]);
        EventProduct.Multiply(events.Bits, events.Counts, TensorMemory.Floats(weights), Floats(bias),
            TensorMemory.Floats(output), events.Rows, events.Columns, (int)weight.shape[0]);
        return output;
    }

    static Tensor Dense(Tensor input, Tensor weight, Tensor? bias)
    {
        var (rows, depth, columns) = (input.shape[0], (int)input.shape[1], (int)weight.shape[0]);
        var output = empty(rows, columns);
        DenseProduct.Multiply(MatrixView.OfRows(TensorMemory.Floats(input), depth),
            MatrixView.OfRows(TensorMemory.Floats(weight), depth).Transposed, Floats(bias), TensorMemory.Floats(output), rows,
            depth, columns);
        return output;
    }

    static float* Floats(Tensor? bias) => bias is null ? null : TensorMemory.Floats(bias);

    /// <summary>dL/dx = dL/dy W.</summary>
    /// <param name="gradient">dL/dy, [rows, outputs], contiguous.</param>
    public static Tensor InputGradient(Tensor gradient, Tensor weight)
    {
        var (rows, depth, columns) = (gradient.shape[0], (int)gradient.shape[1], (int)weight.shape[1]);
        var result = empty(rows, columns);
        DenseProduct.Multiply(MatrixView.OfRows(TensorMemory.Floats(gradient), depth),
            MatrixView.OfRows(TensorMemory.Floats(weight), columns), null, TensorMemory.Floats(result), rows, depth, columns);
        return result;
    }

    /// <summary>dL/dW = (dL/dy)^T x.</summary>
    public static Tensor WeightGradient(Tensor gradient, SpikeEvents events, ProductPath path)
    {
        var (rows, columns) = (events.Rows, (int)gradient.shape[1]);
        if (path == ProductPath.Dense)
        {
            using var input = events.Unpacked();
            var dense = empty(columns, events.Columns);
            DenseProduct.Multiply(MatrixView.OfRows(TensorMemory.Floats(gradient), columns).Transposed,
                MatrixView.OfRows(TensorMemory.Floats(input), events.Columns), null, TensorMemory.Floats(dense), columns,
                checked((int)rows), events.Columns);
            return dense;
        }
        using var bits = events.Transposed();
        using var transposed = empty(events.Columns, columns);
        EventProduct.Multiply(SpikeEvents.Words(bits), events.Counts.Transposed, TensorMemory.Floats(gradient), null,
            TensorMemory.Floats(transposed), events.Columns, rows, columns);
        var result = empty(columns, events.Columns);
        Transposition.Of(TensorMemory.Floats(transposed), TensorMemory.Floats(result), events.Columns, columns);
        return result;
    }
}
