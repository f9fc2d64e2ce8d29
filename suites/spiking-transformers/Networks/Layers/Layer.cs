using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>A part of a network that can draw itself; disposes of its parts.</summary>
abstract class Layer(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Adds its operations to <paramref name="sketch"/>; shapes, parameters and operations are those of a forward pass.</summary>
    public abstract Wire Draw(Sketch sketch, Wire input);

    protected void Register(params IEnumerable<nn.Module> parts)
    {
        foreach (var part in parts) register_module(part.GetName(), part);
        RegisterComponents();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in children()) part.Dispose();
        base.Dispose(disposing);
    }
}
