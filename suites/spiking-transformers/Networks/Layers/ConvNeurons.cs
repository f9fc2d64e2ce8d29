using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Convolution, batch norm over merged steps and samples, neurons.</summary>
sealed class ConvNeurons : Stem
{
    readonly string layer;
    readonly ConvShape shape;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Conv2d convolution;
    readonly TorchSharp.Modules.BatchNorm2d norm;
    readonly Neuron? neuron;

    public ConvNeurons(string layer, ConvShape shape, NeuronRules rules, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.shape, this.rules, this.ledger) = (layer, shape.Checked(layer), rules, ledger);
        convolution = ConvNorm.Convolution(shape);
        norm = nn.BatchNorm2d(shape.Outputs);
        if (!rules.Fused) neuron = rules.Create();
        Register();
    }

    /// <summary>[steps, samples, channels, rows, columns] to spikes of the same axes.</summary>
    public override Tensor forward(Tensor input) => Forward(new(input, (int)input.shape[0], Constant: false));

    /// <summary>To spikes [steps, samples, ...]; what is the same at all steps is convolved once.</summary>
    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var merged = input.Constant ? input.Values : input.Values.flatten(0, 1);
        var places = shape.Places(new((int)merged.shape[2], (int)merged.shape[3]));
        Operations.Convolution(ledger, layer, merged, convolution.weight, shape, places, input.Constant ? 1 : input.Steps, rules.Unit,
            spikes: !input.Constant);
        var current = ConvNorm.Of(merged, convolution, shape, spikes: !input.Constant);
        var spikes = neuron is null ? NormLif.Spikes(current, input.Steps, input.Constant, norm, rules.Lif)
            : neuron.forward(OverTime(norm.forward(current), input));
        Neurons.Count(ledger, $"{layer}.lif", spikes, rules,
            () => OverTime(norm.forward(ConvNorm.Of(merged, convolution, shape, spikes: !input.Constant)), input));
        return spikes.MoveToOuterDisposeScope();
    }

    static Tensor OverTime(Tensor values, Stimulus input) => input.Constant
        ? values.unsqueeze(0).expand([input.Steps, .. values.shape])
        : values.view([input.Steps, values.shape[0] / input.Steps, .. values.shape[1..]]);

    public override Wire Draw(Sketch sketch, Wire input) =>
        sketch.Spike($"{layer}.lif", sketch.Norm($"{layer}.norm", sketch.Convolution(layer, input, shape)), rules);
}
