using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>
/// What one layer's weights have seen: the gradient is <c>Gradientᵀ Before</c>. Rows are ordered step by step, in a step by sample.
/// </summary>
/// <param name="Before">[rows, inputs], activity before the weights.</param>
/// <param name="Gradient">[rows, outputs], of the mean loss by the currents behind them.</param>
sealed record Credit(Tensor Before, Tensor Gradient)
{
    /// <summary>[outputs, inputs].</summary>
    public Tensor Of(Tensor before) => Gradient.t().matmul(before);
}

/// <summary>A batch, seen and judged.</summary>
/// <param name="Loss">Mean cross entropy.</param>
/// <param name="Credits">By layer; the readout is the last.</param>
/// <param name="Others">Gradients of parameters that are no weights, as thresholds.</param>
sealed record Lesson(double Loss, int Samples, IReadOnlyList<Credit> Credits,
    IReadOnlyList<(Parameter Parameter, Tensor Gradient)> Others);
