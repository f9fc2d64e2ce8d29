using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>Counts what a module holds.</summary>
public static class ModuleSize
{
    /// <summary>Learned numbers.</summary>
    public static long Parameters(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());

    /// <summary>Parameters, bytes of parameters and buffers, and bits per learned number (NeuroBench's footprint definition).</summary>
    public static Footprint Footprint(nn.Module module)
    {
        var parameters = module.parameters().ToList();
        var numbers = parameters.Sum(parameter => parameter.numel());
        var parameterBytes = parameters.Sum(Bytes);
        return new(numbers, parameterBytes + module.buffers().Sum(Bytes), numbers == 0 ? 0 : 8.0 * parameterBytes / numbers);
    }

    static long Bytes(Tensor tensor) => tensor.numel() * tensor.ElementSize;
}
