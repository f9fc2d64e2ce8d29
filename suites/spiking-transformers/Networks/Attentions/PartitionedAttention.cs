using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// An attention within each of 2x2 parts of a map, the same weights for all. By the authors' code a part is every second row and column, so
/// that each sees the whole image at half the resolution.
/// </summary>
sealed class PartitionedAttention : Layer
{
    const int Parts = 2;

    readonly string layer;
    readonly Layer attention;
    readonly Grid grid;

    /// <param name="of">Makes the attention for the grid of a part.</param>
    /// <exception cref="HarnessException">A side of the map is odd.</exception>
    public PartitionedAttention(string layer, Grid grid, Func<Grid, Layer> of) : base("partitioned")
    {
        if (grid.Rows % Parts != 0 || grid.Columns % Parts != 0)
            throw new HarnessException($"{grid} tokens cannot be parted into {Parts}x{Parts}; set resolution to a multiple of 8.");
        (this.layer, this.grid) = (layer, grid);
        attention = of(new(grid.Rows / Parts, grid.Columns / Parts));
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (steps, samples, width) = (input.shape[0], input.shape[1], input.shape[3]);
        var (rows, columns) = (grid.Rows / Parts, grid.Columns / Parts);
        var parted = input.view(steps, samples, rows, Parts, columns, Parts, width).permute(0, 1, 3, 5, 2, 4, 6)
            .reshape(steps, samples * Parts * Parts, rows * columns, width);
        return attention.forward(parted).view(steps, samples, Parts, Parts, rows, columns, width).permute(0, 1, 4, 2, 5, 3, 6)
            .reshape(input.shape).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        // Parts are places of their own: tokens stay as many, but only those of a part meet.
        var tokens = input.Axes.First(axis => axis.Name == "token").Size;
        WireAxis[] parted = [input.Axes[0], new("part", Parts * Parts), new("token", tokens / (Parts * Parts)), input.Last];
        var x = sketch.Add(new($"{layer}.parted", CircuitOperation.Reshape, [input.Name], parted) { Detail = "every second row, column" });
        x = attention.Draw(sketch, x);
        return sketch.Add(new($"{layer}.joined", CircuitOperation.Reshape, [x.Name], input.Axes) { Detail = "back in their places" });
    }
}
