using Harness.Datasets;

namespace Suites.LlmEdge.Pruning.Perceptrons;

/// <summary>Linear layers with rectified units between them: x_l = max(0, W_l x_(l-1) + b_l), the last one without.</summary>
sealed class Perceptron
{
    /// <param name="sizes">Of the input, each hidden layer, and the output.</param>
    /// <param name="chance">Weights are normal of variance 2 / inputs (He, Zhang, Ren and Sun 2015), offsets zero.</param>
    public Perceptron(IReadOnlyList<int> sizes, Chance chance)
    {
        Sizes = sizes;
        Weights = [.. Enumerable.Range(0, Layers).Select(layer => Normal(sizes[layer] * sizes[layer + 1], sizes[layer], chance))];
        Offsets = [.. Enumerable.Range(0, Layers).Select(layer => new float[sizes[layer + 1]])];
    }

    public IReadOnlyList<int> Sizes { get; }
    public int Layers => Sizes.Count - 1;

    /// <summary>Of each layer, [outputs, inputs].</summary>
    public float[][] Weights { get; }

    /// <summary>Of each layer, [outputs].</summary>
    public float[][] Offsets { get; }

    static float[] Normal(int count, int inputs, Chance chance)
    {
        var (values, deviation) = (new float[count], Math.Sqrt(2.0 / inputs));
        foreach (ref var value in values.AsSpan()) value = (float)(deviation * chance.Normal());
        return values;
    }
}
