using Harness.Spiking.Nir;

namespace Harness.Spiking.Boards;

/// <summary>
/// The linear layers behind the last neurons. Boards answer with spikes; the host counts them and computes the layers once a sample, in
/// float64, on the mean over the steps, which is the mean of what the layers give in each step.
/// </summary>
public sealed class HostReadout
{
    readonly IReadOnlyList<(string Name, NirNode Node, IReadOnlyList<int> Input, IReadOnlyList<int> Output)> layers;
    readonly List<NirNodeState> states;

    internal HostReadout(IReadOnlyList<(string Name, NirNode Node, IReadOnlyList<int> Input, IReadOnlyList<int> Output)> layers,
        double step)
    {
        this.layers = layers;
        states = [.. layers.Select(layer => new NirNodeState(layer.Node, layer.Input, layer.Output, step,
            NirDiscretisation.ForwardEuler))];
    }

    /// <summary>False where spikes themselves are the answer.</summary>
    public bool IsAny => layers.Count > 0;

    /// <summary>What the host computes for a sample.</summary>
    public IReadOnlyList<HostLayer> Layers => [.. layers.Select(layer => Of(layer.Name, layer.Node, layer.Output))];

    /// <param name="means">Spikes of each neuron over the number of steps.</param>
    public double[] Of(double[] means) => states.Aggregate(means, (signal, state) => state.Step(signal));

    static HostLayer Of(string name, NirNode node, IReadOnlyList<int> output) => node switch
    {
        NirAffine affine => new(name, "linear", affine.Weight.Values.Count, affine.Weight.Values.Count)
        {
            Shape = new(affine.Weight.Shape[^1], NirNodeState.Size(output) / affine.Weight.Shape[^2], affine.Weight.Shape[^2],
                NirNodeState.Size(output) / affine.Weight.Shape[^2], Bias: affine.Bias is not null),
        },
        NirConvolution convolution => new(name, "conv",
            (long)NirNodeState.Size(output) * convolution.Weight.Values.Count / convolution.Weight.Shape[0],
            convolution.Weight.Values.Count),
        NirScale scale => new(name, "scale", scale.Scale.Values.Count, scale.Scale.Values.Count),
        _ => new(name, node.Kind.ToLowerInvariant(), 0, 0),
    };
}

/// <summary>A layer that the host computes, once a sample.</summary>
/// <param name="Macs">Multiply-accumulates of a sample.</param>
/// <param name="Weights">Numbers that it holds, without biases.</param>
public sealed record HostLayer(string Name, string Kind, long Macs, long Weights)
{
    public LayerShape? Shape { get; init; }
}
