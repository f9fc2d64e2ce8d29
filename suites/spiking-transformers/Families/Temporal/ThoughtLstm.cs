using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Signals;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Thought;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>LSTM that looks at its input tick by tick: the peer of the continuous thought machine.</summary>
/// <param name="Ticks">Of the inner clock.</param>
/// <param name="Width">Of the features of a position.</param>
public sealed record ThoughtLstm(
    [property: Range(1, 8192)] int Units = 120,
    [property: Range(1, 1000)] int Ticks = 20,
    [property: Range(1, 8192)] int Width = 64,
    [property: Range(1, 256)] int Heads = 4,
    Recipe? Training = null)
    : IModelFamily<BitSequence, TickedBits>
{
    public Recipe Training { get; init; } = Training ?? new ThoughtMachine().Training;

    public FamilyCard Card => new("ticked-lstm", 1, "LSTM with inner ticks")
    {
        Kind = "ann",
        Summary = "An LSTM that reads its input by attention at every tick of an inner clock; attention, loss and answer as in ctm.",
        Paper = "Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 1997; as a peer in Darlow et al. 2025",
        Equations = "q = W_q h, o = attention(q, features of the input)\nh, c = LSTM(o, h, c), y = W_o h",
    };

    public IModel<BitSequence, TickedBits> Prepare(TrainingData<BitSequence> data, RunContext context)
    {
        var encoder = BitIds.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = new TickedLstm(new ThoughtSizes(encoder.Length, Width, Heads, Ticks).Checked(), Units, ledger);
        return NetworkModel<BitSequence, TickedBits>.Train(network, encoder, TickObjective.Answers, new TickObjective(network, encoder),
            data, Training, context, ledger);
    }
}
