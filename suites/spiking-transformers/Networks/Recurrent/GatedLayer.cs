using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>What a recurrent cell without spikes is.</summary>
public enum GatedCell
{
    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997).</summary>
    Lstm,
    /// <summary>Gated recurrent unit (Cho et al. 2014).</summary>
    Gru,
}

/// <summary>LSTM or GRU of libtorch.</summary>
sealed class GatedLayer : RecurrentLayer
{
    readonly string layer;
    readonly int inputs, units;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.LSTM? lstm;
    readonly TorchSharp.Modules.GRU? gru;

    public GatedLayer(string layer, GatedCell cell, int inputs, int units, OperationLedger ledger) : base(nameof(GatedLayer), units)
    {
        (this.layer, this.inputs, this.units, this.ledger) = (layer, inputs, units, ledger);
        if (cell == GatedCell.Lstm) lstm = nn.LSTM(inputs, units);
        else gru = nn.GRU(inputs, units);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var states = lstm is null ? gru!.call(input).Item1 : lstm.call(input).Item1;
        Count($"{layer}.input", input, inputs);
        // The first step's state is 0 and costs as much as any other on a dense machine.
        Count($"{layer}.recurrent", states, units);
        return states.MoveToOuterDisposeScope();
    }

    void Count(string name, Tensor input, int from)
    {
        var outputs = (lstm is null ? 3 : 4) * units;
        ledger.Weighted(name, "linear", input, InputKind.Analog, (double)input.numel() * outputs, (long)outputs * from * sizeof(float),
            (int)input.shape[0], new LayerShape(from, 1, outputs, 1, Bias: true));
    }
}
