using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning.Perceptrons;

/// <summary>Memory for samples on their way through a perceptron and back. Not thread-safe.</summary>
sealed class Pass
{
    readonly Perceptron _network;
    readonly DenseProduct _product;
    readonly float[][] _turned;

    /// <param name="most">Samples it can hold.</param>
    public Pass(Perceptron network, DenseProduct product, int most)
    {
        (_network, _product, Most) = (network, product, most);
        Values = [.. network.Sizes.Select(size => new float[most * size])];
        Errors = [.. network.Sizes.Select(size => new float[most * size])];
        _turned = Array.ConvertAll(network.Weights, weights => new float[weights.Length]);
    }

    public int Most { get; }

    /// <summary>[samples, units] of the input and of each layer; fill the first before <see cref="Forward"/>. The last are
    /// logits.</summary>
    public float[][] Values { get; }

    /// <summary>[samples, units]: derivatives of each sample's own loss by the units' sums, after <see cref="Backward"/>.</summary>
    public float[][] Errors { get; }

    public void Forward(int samples)
    {
        for (var layer = 0; layer < _network.Layers; layer++)
        {
            var (width, rows, values) = (_network.Sizes[layer], _network.Sizes[layer + 1], Values[layer + 1]);
            _product.Run(_network.Weights[layer], rows, width, Values[layer], samples, values);
            for (var sample = 0; sample < samples; sample++)
            {
                var line = values.AsSpan(sample * rows, rows);
                Vectors.AddScaled(line, 1, _network.Offsets[layer]);
                if (layer < _network.Layers - 1) Rectify(line);
            }
        }
    }

    /// <summary>The mean of -ln p(label) after <see cref="Forward"/>; the last errors become p - 1[label].</summary>
    public double Loss(ReadOnlySpan<int> labels)
    {
        var (classes, sum) = (_network.Sizes[^1], 0.0);
        Values[^1].AsSpan(0, labels.Length * classes).CopyTo(Errors[^1]);
        for (var sample = 0; sample < labels.Length; sample++)
        {
            var line = Errors[^1].AsSpan(sample * classes, classes);
            var logit = line[labels[sample]];
            sum += Vectors.SoftMax(line) - logit;
            line[labels[sample]] -= 1;
        }
        return sum / labels.Length;
    }

    /// <summary>Errors of all layers; returns the loss.</summary>
    public double Backward(ReadOnlySpan<int> labels)
    {
        var loss = Loss(labels);
        for (var layer = _network.Layers - 1; layer > 0; layer--)
        {
            var (width, rows) = (_network.Sizes[layer], _network.Sizes[layer + 1]);
            DenseProduct.Transpose(_network.Weights[layer], rows, width, _turned[layer]);
            _product.Run(_turned[layer], width, rows, Errors[layer + 1], labels.Length, Errors[layer]);
            for (var index = 0; index < labels.Length * width; index++)
                if (Values[layer][index] == 0) Errors[layer][index] = 0;
        }
        return loss;
    }

    static void Rectify(Span<float> line)
    {
        foreach (ref var value in line) value = MathF.Max(0, value);
    }
}
