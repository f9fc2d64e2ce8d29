using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>A network that adds something to its loss.</summary>
interface IPenalized
{
    /// <summary>Of the last training pass, with its graph; null adds nothing.</summary>
    Tensor? Penalty();
}
