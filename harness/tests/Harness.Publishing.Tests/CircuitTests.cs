using Harness.Publishing.Circuits;

namespace Harness.Publishing.Tests;

public sealed class CircuitTests
{
    static readonly WireAxis Width = new("width", 8);

    // Per block: attention-free perceptron, 8 to 32 to 8, as in every transformer.
    static Circuit Perceptrons(int depth)
    {
        var nodes = new List<CircuitNode> { new("in", CircuitOperation.Input, [], [new("token", 4), Width]) };
        for (var i = 0; i < depth; i++)
        {
            WireAxis[] wide = [new("token", 4), new("hidden", 32)];
            nodes.Add(new($"b{i}.up", CircuitOperation.Linear, [nodes[^1].Name], wide) { Contracted = [Width], Weights = [wide[1], Width],
                Offsets = 32, Block = $"b{i}" });
            nodes.Add(new($"b{i}.down", CircuitOperation.Linear, [$"b{i}.up"], [new("token", 4), Width])
            { Contracted = [wide[1]], Weights = [Width, wide[1]], Offsets = 8, Block = $"b{i}" });
        }
        return new(nodes);
    }

    [Fact]
    public void Costs_follow_from_axes()
    {
        var circuit = Perceptrons(2);
        Assert.Equal(2 * ((8 * 32) + 32 + (32 * 8) + 8), circuit.Parameters);
        Assert.Equal(2 * 2 * 4 * 8 * 32, circuit.DenseOperations);
    }

    [Fact]
    public void Equal_blocks_in_a_row_are_drawn_once()
    {
        var layout = new CircuitLayout(Perceptrons(5));
        Assert.Equal(["in", "b0.up", "b0.down"], layout.Nodes.Select(node => node.Node.Name));
        Assert.Equal(("b0", 5), (layout.Blocks[0].Name, layout.Blocks[0].Times));
        Assert.True(layout.Nodes[0].Y < layout.Nodes[1].Y && layout.Nodes[1].Y < layout.Nodes[2].Y);
    }
}
