using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Kernels;

/// <summary>Products of float matrices in managed memory, on the kernels and the threads of the engine. Not thread-safe.</summary>
sealed unsafe class DenseProduct(int threads) : IShared, IDisposable
{
    const int PartsPerThread = 4;

    readonly Team _team = new(threads);
    readonly MatrixKernel _kernel = MatrixKernel.Of(Packing.F32, MatrixKernel.Best);
    float* _matrix, _output;
    PanelView _view;
    int _rows, _rowsPerPart;

    /// <summary>output[item, row] = Σ_i matrix[row, i] · items[item, i].</summary>
    /// <param name="matrix">[rows, width]</param>
    /// <param name="items">[count, width]</param>
    /// <param name="output">[count, rows], overwritten.</param>
    public void Run(ReadOnlySpan<float> matrix, int rows, int width, ReadOnlySpan<float> items, int count, Span<float> output)
    {
        if (matrix.Length < (long)rows * width || items.Length < (long)count * width || output.Length < (long)count * rows)
            throw new ArgumentException($"[{rows}, {width}] times [{count}, {width}] does not fit into spans of {matrix.Length}, "
                + $"{items.Length} and {output.Length} numbers.", nameof(output));
        fixed (float* weights = matrix, x = items, y = output)
        {
            _matrix = weights;
            _output = y;
            _rows = rows;
            _view = new() { Width = width, Tokens = count, Values = x };
            _rowsPerPart = Math.Max(1, (rows + PartsPerThread * _team.Threads - 1) / (PartsPerThread * _team.Threads));
            _team.Run(this, (rows + _rowsPerPart - 1) / _rowsPerPart);
        }
    }

    public void Run(int part, int worker)
    {
        var first = part * _rowsPerPart;
        _kernel.Run((byte*)(_matrix + (long)first * _view.Width), Math.Min(_rowsPerPart, _rows - first), _view, _output + first, _rows);
    }

    /// <summary>to[column, row] = from[row, column]</summary>
    public static void Transpose(ReadOnlySpan<float> from, int rows, int columns, Span<float> to)
    {
        const int tile = 16;
        for (var top = 0; top < rows; top += tile)
            for (var left = 0; left < columns; left += tile)
                for (var row = top; row < Math.Min(top + tile, rows); row++)
                    for (var column = left; column < Math.Min(left + tile, columns); column++)
                        to[column * rows + row] = from[row * columns + column];
    }

    public void Dispose() => _team.Dispose();
}
