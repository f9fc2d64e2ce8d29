using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning.Perceptrons;

/// <summary>A trained perceptron and the samples on which its loss is asked for.</summary>
sealed class PrunablePerceptron : IPrunable
{
    readonly Perceptron _network;
    readonly PixelTable _samples;
    readonly DenseProduct _product;
    readonly List<PrunedLayer> _layers;

    public PrunablePerceptron(Perceptron network, PixelTable samples, DenseProduct product)
    {
        (_network, _samples, _product) = (network, samples, product);
        _layers = [.. network.Weights.Select((weights, layer) =>
            new PrunedLayer($"linear {layer + 1}", network.Sizes[layer + 1], network.Sizes[layer], weights))];
    }

    public IReadOnlyList<PrunedLayer> Layers => _layers;

    public ILossBatch Draw(int samples, Chance chance)
    {
        int[] all = [.. Enumerable.Range(0, _samples.Count)];
        chance.Shuffle(all.AsSpan());
        return new Batch(this, all[..Math.Min(samples, all.Length)]);
    }

    sealed class Batch : ILossBatch
    {
        readonly PrunablePerceptron _owner;
        readonly Pass _pass;
        readonly int[] _labels;

        public Batch(PrunablePerceptron owner, int[] samples)
        {
            (_owner, _pass) = (owner, new(owner._network, owner._product, samples.Length));
            _labels = owner._samples.Read(samples, _pass.Values[0]);
        }

        public double Loss()
        {
            _pass.Forward(_labels.Length);
            return _pass.Loss(_labels);
        }

        public IEnumerable<(PrunedLayer, LossTrace)> Traces()
        {
            _pass.Forward(_labels.Length);
            var loss = _pass.Backward(_labels);
            int[] starts = [.. Enumerable.Range(0, _labels.Length + 1)];
            for (var index = _owner._layers.Count - 1; index >= 0; index--)
            {
                var layer = _owner._layers[index];
                yield return (layer, new(loss, starts, Turned(_pass.Values[index], layer.Width),
                    Turned(_pass.Errors[index + 1], layer.Rows)));
            }
        }

        float[] Turned(float[] values, int units)
        {
            var turned = new float[_labels.Length * units];
            DenseProduct.Transpose(values, _labels.Length, units, turned);
            return turned;
        }
    }
}
