using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>
/// Numbers that live as long as the program. TorchSharp makes one for every sum of two tensors and hands its address on; the garbage
/// collector may free it before libtorch looks. Inner loops of many small sums met that every few hundred steps.
/// </summary>
static class KeptScalars
{
    public static readonly Scalar Zero = 0, OneHalf = 0.5, One = 1, Two = 2, Six = 6, MinusSix = -6;

    public static Tensor Plus(this Tensor one, Tensor other) => one.add(other, One);
}
