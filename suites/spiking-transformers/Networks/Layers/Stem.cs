using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>A layer that may stand first in a network.</summary>
abstract class Stem(string name) : Layer(name)
{
    /// <summary>To [steps, samples, channels, rows, columns]; what is the same at all steps is computed once.</summary>
    public abstract Tensor Forward(Stimulus input);
}
