using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Spiking.Recurrent;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>What decides the neurons of a <see cref="ResonatorNetwork"/>.</summary>
/// <param name="Turns">Least and greatest angle per step at the start.</param>
/// <param name="Dampings">Least and greatest loss per step at the start.</param>
sealed record ResonatorSizes(int Inputs, int Neurons, int Depth, int Classes, (double, double) Turns, (double, double) Dampings,
    float Memory, float Fatigue, LifParameters Firing);

/// <summary>
/// Layers of recurrent resonators that read a sequence step by step, and a readout of the last one's spikes. Nothing is repeated or
/// pooled: the state after a step is all that the next step sees of the past.
/// </summary>
sealed class ResonatorNetwork : nn.Module<Tensor, Tensor>, IStepwise
{
    // A pixel that is bright for some steps in a row should nearly fire a neuron at the start.
    const double InputBound = 0.15;

    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear[] inputs;
    readonly ResonatorLayer[] layers;
    readonly TorchSharp.Modules.Linear readout;

    public ResonatorNetwork(ResonatorSizes sizes, OperationLedger ledger) : base(nameof(ResonatorNetwork))
    {
        this.ledger = ledger;
        inputs = [.. Enumerable.Range(0, sizes.Depth).Select(index => Input(index == 0 ? sizes.Inputs : sizes.Neurons, sizes.Neurons))];
        layers = [.. Enumerable.Range(1, sizes.Depth).Select(index => new ResonatorLayer($"layer{index}", sizes.Neurons, sizes.Turns,
            sizes.Dampings, sizes.Memory, sizes.Fatigue, sizes.Firing))];
        readout = nn.Linear(sizes.Neurons, sizes.Classes);
        for (var index = 0; index < sizes.Depth; index++)
        {
            register_module($"input{index + 1}", inputs[index]);
            register_module($"layer{index + 1}", layers[index]);
        }
        RegisterComponents();
    }

    static TorchSharp.Modules.Linear Input(int from, int to)
    {
        var linear = nn.Linear(from, to);
        nn.init.uniform_(linear.weight, -InputBound / Math.Sqrt(Math.Min(from, 8)), InputBound / Math.Sqrt(Math.Min(from, 8)));
        nn.init.zeros_(linear.bias);
        return linear;
    }

    /// <summary>
    /// [samples, steps, channels] real values to [samples, classes]: W times the sum of spikes over the root of the number of steps, as
    /// sparse spikes have a mean so small that its weights would have to grow for long; plus b.
    /// </summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = Spikes(input);
        return readout.forward(spikes.mean([0]) * Math.Sqrt(spikes.shape[0])).MoveToOuterDisposeScope();
    }

    public Tensor ForwardSteps(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = Spikes(input);
        return readout.forward(spikes * Math.Sqrt(spikes.shape[0])).MoveToOuterDisposeScope();
    }

    Tensor Spikes(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.transpose(0, 1).contiguous();
        for (var index = 0; index < layers.Length; index++)
        {
            Count($"input{index + 1}", x, index == 0 ? InputKind.Analog : InputKind.Spikes, inputs[index]);
            x = layers[index].forward(inputs[index].forward(x));
            Count(layers[index], x);
        }
        Count("readout", x, InputKind.Spikes, readout);
        return x.MoveToOuterDisposeScope();
    }

    void Count(string layer, Tensor input, InputKind kind, TorchSharp.Modules.Linear linear) => ledger.Weighted(layer, "linear", input,
        kind, (double)input.numel() * linear.weight.shape[0], linear.weight.numel() * sizeof(float), (int)input.shape[0],
        Shapes.Linear(input, linear, leading: 2), Connection.Linear(linear));

    // The spikes of the last step go nowhere; they are counted as if they did, as every step's are.
    void Count(ResonatorLayer layer, Tensor spikes)
    {
        var size = (int)spikes.shape[2];
        ledger.Weighted($"{layer.GetName()}.recurrent", "linear", spikes, InputKind.Spikes, (double)spikes.numel() * size,
            layer.Weight.numel() * sizeof(float), (int)spikes.shape[0], new LayerShape(size, 1, size, 1));
        ledger.Neurons($"{layer.GetName()}.resonators", spikes);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in inputs.Concat<nn.Module>(layers).Append(readout)) part.Dispose();
        base.Dispose(disposing);
    }
}
