using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>
/// Linear, batch norm over merged steps, samples and tokens, neurons. A 1x1 convolution of a map is the same on its tokens. Weights start
/// as N(0, 0.02), bias 0.
/// </summary>
sealed class DenseNeurons : Layer
{
    readonly string layer;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;
    readonly TorchSharp.Modules.BatchNorm1d norm;
    readonly Neuron? neuron;

    public DenseNeurons(string layer, int inputs, int outputs, NeuronRules rules, OperationLedger ledger, bool bias = true) : base(layer)
    {
        (this.layer, this.rules, this.ledger) = (layer, rules, ledger);
        linear = DenseNorm.Linear(inputs, outputs, bias);
        norm = nn.BatchNorm1d(outputs);
        if (!rules.Fused) neuron = rules.Create();
        Register();
    }

    /// <summary>[steps, samples, tokens, inputs] to spikes [steps, samples, tokens, outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. input.shape[..^1], linear.weight.shape[0]];
        var rows = input.reshape(-1, input.shape[^1]);
        Tensor spikes;
        string? kernel = null;
        if (neuron is null)
        {
            (spikes, kernel) = SpikingLinear.Of(rows, (int)input.shape[0], linear, norm, rules.Lif);
            spikes = spikes.view(shape);
        }
        else
        {
            spikes = neuron.forward(norm.forward(linear.forward(rows)).view(shape));
        }
        Operations.Linear(ledger, layer, input, linear.weight, rules.Unit, linear.bias is not null, kernel);
        Neurons.Count(ledger, $"{layer}.lif", spikes, rules, () => norm.forward(linear.forward(rows)).view(shape));
        return spikes.MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var wire = sketch.Linear(layer, input, (int)linear.weight.shape[0], linear.bias is not null);
        return sketch.Spike($"{layer}.lif", sketch.Norm($"{layer}.norm", wire), rules);
    }
}
