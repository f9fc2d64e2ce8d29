using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>The peer of a <see cref="ThoughtNetwork"/>: the same attention and as many ticks, but the state is that of an LSTM.</summary>
sealed class TickedLstm : nn.Module<Tensor, Tensor>
{
    readonly ThoughtSizes sizes;
    readonly int units;
    readonly OperationLedger ledger;
    readonly BitAttention attention;
    readonly TorchSharp.Modules.LSTMCell cell;
    readonly TorchSharp.Modules.Linear readout;

    public TickedLstm(ThoughtSizes sizes, int units, OperationLedger ledger) : base(nameof(TickedLstm))
    {
        (this.sizes, this.units, this.ledger) = (sizes, units, ledger);
        attention = new(sizes, units, ledger);
        (cell, readout) = (nn.LSTMCell(sizes.Width, units), nn.Linear(units, 2 * sizes.Length));
        RegisterComponents();
    }

    /// <inheritdoc cref="ThoughtNetwork.forward"/>
    public override Tensor forward(Tensor sequence)
    {
        using var scope = NewDisposeScope();
        var (samples, read) = (sequence.shape[0], attention.Read(sequence));
        var (state, memory) = (zeros(samples, units), zeros(samples, units));
        List<Tensor> ticks = [];
        for (var tick = 0; tick < sizes.Ticks; tick++)
        {
            var found = attention.Attend(state, read);
            ledger.Weighted("cell", "linear", cat([found, state], 1), InputKind.Analog,
                4.0 * units * samples * (sizes.Width + units), 4L * units * (sizes.Width + units) * sizeof(float), sizes.Ticks);
            (state, memory) = cell.forward(found, (state, memory));
            ledger.Linear("readout", state, readout, sizes.Ticks);
            ticks.Add(readout.forward(state));
        }
        return stack(ticks, 1).view(samples, sizes.Ticks, sizes.Length, 2).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in new nn.Module[] { attention, cell, readout }) part.Dispose();
        base.Dispose(disposing);
    }
}
