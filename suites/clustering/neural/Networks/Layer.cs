using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>A part of a network that says what it multiplies for one sample.</summary>
abstract class Layer(string name) : nn.Module<Tensor, Tensor>(name)
{
    public abstract LayerOperations Operations { get; }

    protected static LayerOperations Weighted(string name, string kind, LayerShape shape, nn.Module module)
    {
        var macs = shape.Outputs * shape.InputChannels * shape.Kernel;
        return new(name, kind, macs, 0, macs)
        {
            Shape = shape, WeightBytes = module.parameters().Sum(each => each.numel()) * sizeof(float),
        };
    }
}
