using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Delays;

/// <summary>Synapses of one layer, sorted by the neuron they come from.</summary>
/// <param name="Weights">[input, output].</param>
/// <param name="Delays">[input, output], in steps.</param>
/// <param name="Bias">[output], added in every step.</param>
sealed record DelayLayer(float[] Weights, int[] Delays, float[] Bias)
{
    public int Outputs => Bias.Length;

    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="delays">[outputs, inputs], int64.</param>
    public static DelayLayer Of(Tensor weight, Tensor bias, Tensor delays) => new(
        weight.t().contiguous().data<float>().ToArray(),
        Array.ConvertAll(delays.t().contiguous().data<long>().ToArray(), delay => (int)delay),
        bias.data<float>().ToArray());
}
