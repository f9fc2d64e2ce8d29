using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>Reads [steps, samples, channels] step by step and gives its state after each, [steps, samples, units].</summary>
/// <param name="units">Numbers of its state after a step.</param>
abstract class RecurrentLayer(string name, int units) : nn.Module<Tensor, Tensor>(name)
{
    public int Units => units;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in children()) part.Dispose();
        base.Dispose(disposing);
    }
}
