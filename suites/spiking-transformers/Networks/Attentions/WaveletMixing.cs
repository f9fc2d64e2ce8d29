using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// SWFormer's frequency-aware mixing (Fang et al., ECCV 2024) on maps, in place of attention: s = SN(x); Haar transform of rows, SN, of
/// columns, BN, SN; a matrix for each block of features, BN; the inverse, with SN before each of its transforms, BN; plus BN of a 1x1 and
/// BN of a 3x3 convolution of s, each with one kernel for all blocks.
/// </summary>
sealed class WaveletMixing : Layer
{
    readonly string layer;
    readonly int width, blocks;
    readonly Grid grid;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly Tensor rowBasis, columnBasis;
    readonly Parameter weight;
    readonly Neurons before, rows, mixed, inverseRows, inverseColumns;
    readonly TorchSharp.Modules.BatchNorm2d forwardNorm, mixNorm, inverseNorm, pointNorm, squareNorm;
    readonly Conv2d point, square;

    /// <exception cref="HarnessException">A side of the map is no power of 2, or the width cannot be split into the blocks.</exception>
    public WaveletMixing(string layer, int width, int blocks, Grid grid, NeuronRules rules, OperationLedger ledger) : base("mixing")
    {
        if (width % blocks != 0) throw new HarnessException($"A width of {width} cannot be split into {blocks} blocks of equal width.");
        (this.layer, this.width, this.blocks, this.grid, this.rules, this.ledger) = (layer, width, blocks, grid, rules, ledger);
        (rowBasis, columnBasis) = (Haar.Matrix(grid.Columns), Haar.Matrix(grid.Rows));
        register_buffer(nameof(rowBasis), rowBasis);
        register_buffer(nameof(columnBasis), columnBasis);
        weight = new(randn(blocks, width / blocks, width / blocks) * 0.02);
        Neurons Fire(string name) => new($"{layer}.{name}", rules, ledger);
        (before, rows, mixed, inverseRows, inverseColumns) =
            (Fire("input"), Fire("rows.lif"), Fire("columns.lif"), Fire("blocks.lif"), Fire("inverse_rows.lif"));
        (forwardNorm, mixNorm, inverseNorm, pointNorm, squareNorm) = (nn.BatchNorm2d(width), nn.BatchNorm2d(width),
            nn.BatchNorm2d(width), nn.BatchNorm2d(width), nn.BatchNorm2d(width));
        (point, square) = (ConvNorm.Convolution(PointShape), ConvNorm.Convolution(SquareShape));
        Register();
    }

    int BlockWidth => width / blocks;
    ConvShape PointShape => new(BlockWidth, BlockWidth, Kernel: 1, Bias: true);
    ConvShape SquareShape => new(BlockWidth, BlockWidth, Bias: true);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var s = before.forward(input);
        return (Wavelets(s) + Convolved("point", s, point, PointShape, pointNorm)
            + Convolved("square", s, square, SquareShape, squareNorm)).MoveToOuterDisposeScope();
    }

    Tensor Wavelets(Tensor spikes)
    {
        Count("rows", spikes, grid.Columns);
        var x = rows.forward(spikes.matmul(rowBasis.t()));
        Count("columns", x, grid.Rows);
        x = mixed.forward(Normed(forwardNorm, columnBasis.matmul(x)));
        Count("blocks", x, BlockWidth);
        var blocked = x.reshape([.. x.shape[..2], blocks, BlockWidth, grid.Rows, grid.Columns]);
        x = einsum("tbnfhw,nfg->tbnghw", blocked, weight).reshape(x.shape);
        x = inverseRows.forward(Normed(mixNorm, x));
        Count("inverse_rows", x, grid.Columns);
        x = inverseColumns.forward(x.matmul(rowBasis));
        Count("inverse_columns", x, grid.Rows);
        return Normed(inverseNorm, columnBasis.t().matmul(x));
    }

    Tensor Convolved(string name, Tensor spikes, Conv2d convolution, ConvShape shape, TorchSharp.Modules.BatchNorm2d norm)
    {
        var merged = spikes.reshape(-1, BlockWidth, grid.Rows, grid.Columns);
        Operations.Convolution(ledger, $"{layer}.{name}", merged, convolution.weight, shape, grid, (int)spikes.shape[0], rules.Unit);
        return Normed(norm, ConvNorm.Of(merged, convolution, shape).reshape(spikes.shape));
    }

    static Tensor Normed(TorchSharp.Modules.BatchNorm2d norm, Tensor map) => norm.forward(map.flatten(0, 1)).reshape(map.shape);

    void Count(string name, Tensor spikes, int terms) =>
        Operations.Product(ledger, $"{layer}.{name}", spikes, (double)spikes.numel() * terms, rules.Unit);

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var s = before.Draw(sketch, input);
        var axes = input.Axes;
        var (column, row) = (axes[^1], axes[^2]);
        Wire Transform(string name, Wire from, WireAxis axis, string detail) => sketch.Add(new($"{layer}.{name}",
            CircuitOperation.Contraction, [from.Name], axes)
        { Contracted = [axis], Detail = detail });
        var x = rows.Draw(sketch, Transform("rows", s, column, "Haar transform"));
        x = sketch.Norm($"{layer}.columns.norm", Transform("columns", x, row, "Haar transform"));
        WireAxis feature = new("feature", BlockWidth);
        x = sketch.Add(new($"{layer}.blocks", CircuitOperation.Linear, [mixed.Draw(sketch, x).Name], axes)
        { Contracted = [feature], Weights = [new("block", blocks), feature, feature], Detail = $"{blocks} blocks" });
        x = inverseRows.Draw(sketch, sketch.Norm($"{layer}.blocks.norm", x));
        x = inverseColumns.Draw(sketch, Transform("inverse_rows", x, column, "inverse transform"));
        x = sketch.Norm($"{layer}.inverse.norm", Transform("inverse_columns", x, row, "inverse transform"));
        return sketch.Sum($"{layer}.sum", x, DrawConvolution(sketch, s, "point", PointShape),
            DrawConvolution(sketch, s, "square", SquareShape));
    }

    // One kernel for all blocks: as many weights as one block has, as many operations as all.
    Wire DrawConvolution(Sketch sketch, Wire from, string name, ConvShape shape)
    {
        WireAxis[] kernel = [new("feature", BlockWidth), new("tap", shape.Taps)];
        return sketch.Norm($"{layer}.{name}.norm", sketch.Add(new($"{layer}.{name}", CircuitOperation.Convolution, [from.Name], from.Axes)
        { Contracted = kernel, Weights = [new("feature", BlockWidth), .. kernel], Offsets = BlockWidth, Detail = $"{shape}, shared" }));
    }
}

/// <summary>The Haar wavelets as rows of a matrix, normalised: its transpose is its inverse.</summary>
static class Haar
{
    /// <exception cref="HarnessException"><paramref name="size"/> is no power of 2.</exception>
    public static Tensor Matrix(int size)
    {
        if (size < 1 || (size & (size - 1)) != 0)
            throw new HarnessException($"A Haar transform needs a side that is a power of 2, not {size}; set resolution to a power of 2.");
        var values = new float[size * size];
        for (var column = 0; column < size; column++) values[column] = 1 / MathF.Sqrt(size);
        for (var (row, length) = (1, size); length > 1; length /= 2)
            for (var start = 0; start < size; start += length, row++)
                for (var at = 0; at < length; at++)
                    values[row * size + start + at] = (at < length / 2 ? 1 : -1) / MathF.Sqrt(length);
        return tensor(values).view(size, size);
    }
}
