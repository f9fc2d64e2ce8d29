using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Turns samples into the float32 input of a network; the first axis is the sample. The caller owns the tensor.</summary>
interface IEncoder<in TSample>
{
    /// <exception cref="HarnessException">A sample does not have the shape the network was made for.</exception>
    Tensor Encode(IReadOnlyList<TSample> samples);

    /// <summary>The same for training: with random changes that keep the class, drawn from <paramref name="chance"/>.</summary>
    Tensor EncodeVaried(IReadOnlyList<TSample> samples, SampleOrder chance);
}
