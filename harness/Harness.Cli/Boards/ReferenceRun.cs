using Harness.Spiking.Nir;

namespace Harness.Cli.Boards;

/// <summary>The whole network in float64 on this processor: what a board is held against.</summary>
sealed class ReferenceRun : INetworkRun
{
    readonly NirRunner runner;

    public ReferenceRun(NirGraph source, double step)
    {
        var graph = source.Flattened();
        runner = new(graph, step);
        Inputs = ((NirInput)graph.Nodes[Only<NirInput>(graph)]).Shape.Aggregate(1, (size, axis) => size * axis);
        var output = Only<NirOutput>(graph);
        ReadsOut = graph.Nodes[graph.Edges.First(edge => edge.To == output).From] is NirAffine or NirScale or NirFlatten or NirConvolution
            or NirPool;
    }

    public int Inputs { get; }
    public bool ReadsOut { get; }

    public double[] Means(Func<double[]> next, int steps)
    {
        runner.Reset();
        double[]? sums = null;
        for (var at = 0; at < steps; at++)
        {
            var output = runner.Step(next());
            sums = sums is null ? output : [.. sums.Zip(output, (sum, value) => sum + value)];
        }
        return [.. sums!.Select(sum => sum / steps)];
    }

    static string Only<T>(NirGraph graph) where T : NirNode =>
        graph.Nodes.Where(node => node.Value is T).Select(node => node.Key).ToList() is [var name] ? name
            : throw new UnsupportedException($"The reference takes graphs with one {typeof(T).Name[3..].ToLowerInvariant()} node.");
}
