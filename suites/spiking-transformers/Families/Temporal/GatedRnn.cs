using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Recurrent;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>LSTM or GRU: what recurrent networks with events, spikes or memories are held against.</summary>
/// <param name="Units">Of each layer.</param>
public sealed record GatedRnn(
    GatedCell Cell = GatedCell.Lstm,
    [property: Range(1, 8192)] int Units = 128,
    [property: Range(1, 8)] int Depth = 1,
    AnswerRule Answer = AnswerRule.Last,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double InputDropout = 0,
    Recipe? Training = null)
    : IRecurrentFamily
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 20, BatchSize: 64, LearningRate: 2e-3, WeightDecay: 1e-4, ClipNorm: 1);

    public FamilyCard Card => new("gated-rnn", 1, "LSTM and GRU")
    {
        Kind = "ann",
        Summary = "Recurrent layers of long short-term memory or gated recurrent units, and a linear readout.",
        Paper = "Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 1997; Cho et al., EMNLP 2014",
        Equations = "lstm: c = f c + i g, h = o tanh(c); gru: h = z h + (1 - z) tanh(W x + r (U h + c) + b)\ny = W h + b",
    };

    IReadOnlyList<RecurrentLayer> IRecurrentFamily.Layers(int inputs, OperationLedger ledger) => [.. Enumerable.Range(0, Depth)
        .Select(index => new GatedLayer($"layer{index + 1}", Cell, index == 0 ? inputs : Units, Units, ledger))];
}
