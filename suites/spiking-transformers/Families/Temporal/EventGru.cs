using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Recurrent;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Gated recurrent units that say their value only when it crosses a threshold.</summary>
/// <param name="Units">Of each layer.</param>
/// <param name="MeanThreshold">Mean of the thresholds at the start.</param>
/// <param name="Dampening">Height of the pseudo-derivative, gamma.</param>
/// <param name="Sharpness">1 over its half width, epsilon.</param>
/// <param name="Penalty">Of the mean square distance of the units' activities from <paramref name="Activity"/>.</param>
/// <param name="Activity">Share of steps in which a unit should speak.</param>
public sealed record EventGru(
    [property: Range(1, 8192)] int Units = 128,
    [property: Range(1, 8)] int Depth = 1,
    EventRule Events = EventRule.Threshold,
    [property: Range(0.001, 0.9)] double MeanThreshold = 0.3,
    [property: Range(0.01, 10.0)] double Dampening = 0.7,
    [property: Range(0.01, 100.0)] double Sharpness = 1,
    [property: Range(0.0, 1e6)] double Penalty = 0,
    [property: Range(0.0, 1.0)] double Activity = 0.05,
    AnswerRule Answer = AnswerRule.Mean,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double InputDropout = 0,
    Recipe? Training = null)
    : IRecurrentFamily
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 20, BatchSize: 64, LearningRate: 2e-3, WeightDecay: 1e-4, ClipNorm: 1);

    public FamilyCard Card => new("egru", 1, "EGRU")
    {
        Kind = "spiking",
        Summary = "Event-based gated recurrent units: silent until the state crosses a learned threshold, and free of cost while silent.",
        Paper = "Subramoney, Nazeer, Schöne, Mayr, Kappel: Efficient recurrent architectures through activity sparsity and sparse "
            + "back-propagation through time, ICLR 2023",
        Link = "https://arxiv.org/abs/2206.06178",
        Equations = """
            z = sigmoid(W_z x + U_z y[t-1]), r = sigmoid(W_r x + U_r y[t-1]), g = tanh(W_g x + r (U_g y[t-1])), each with biases
            s = z h[t-1] + (1 - z) g, e = 1 where s > theta, y[t] = e s, h[t] = s - e theta
            backward: de/ds = gamma max(0, 1 - epsilon |s - theta|)
            events: always says y = h = s at every step, an ordinary GRU
            """,
    };

    IReadOnlyList<RecurrentLayer> IRecurrentFamily.Layers(int inputs, OperationLedger ledger) => [.. Enumerable.Range(0, Depth)
        .Select(index => new EventGruLayer($"layer{index + 1}", new(index == 0 ? inputs : Units, Units, Events, MeanThreshold, Dampening,
            Sharpness, Penalty, Activity), ledger))];
}
