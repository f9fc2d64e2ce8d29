using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>Reads [steps, samples, channels] step by step and gives its state after each, [steps, samples, units].</summary>
abstract class RecurrentLayer(string name) : nn.Module<Tensor, Tensor>(name)
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in children()) part.Dispose();
        base.Dispose(disposing);
    }
}
