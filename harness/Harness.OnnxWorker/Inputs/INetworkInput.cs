using Microsoft.ML.OnnxRuntime.Tensors;

namespace Harness.OnnxWorker.Inputs;

/// <summary>How a sample becomes numbers of a network's input.</summary>
interface INetworkInput<in TSample>
{
    /// <summary>Of the input's elements.</summary>
    static abstract TensorElementType Element { get; }

    /// <summary>Names of the axes after that of the batch, outermost first.</summary>
    static abstract IReadOnlyList<string> Axes { get; }

    /// <summary>Which of <see cref="Axes"/> is that of channels; null where there is none.</summary>
    static abstract int? ChannelAxis { get; }

    /// <summary>Sizes of <see cref="Axes"/>.</summary>
    static abstract int[] Shape(TSample sample);

    /// <summary>Writes the stored values, in the order of the axes, as they are.</summary>
    static abstract void Write(TSample sample, Span<float> values);
}
