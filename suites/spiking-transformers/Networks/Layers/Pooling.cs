using Harness.Spiking.Layers;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>The largest of 3x3 neighbours, at every second place of a map.</summary>
sealed class Pooling(string layer) : Layer(layer.Split('.')[^1])
{
    public override Tensor forward(Tensor input) => MaxPool.Of(input);

    public override Wire Draw(Sketch sketch, Wire input) => sketch.Pool(layer, input);
}
