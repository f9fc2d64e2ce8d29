using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Nir;

/// <summary>Tensors as the arrays of a graph.</summary>
public static class NirTensors
{
    /// <summary>The values as float32, in C order.</summary>
    public static NirArray Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        return NirArray.Of(values.detach().to(float32).contiguous().data<float>().ToArray(),
            Array.ConvertAll(values.shape, length => checked((int)length)));
    }
}
