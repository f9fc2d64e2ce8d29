using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Recurrent;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>The expressive leaky memory neuron: one cell whose memories have many time scales reads a whole sequence.</summary>
/// <param name="Memories">Units of memory.</param>
/// <param name="BranchSize">Neighbouring channels that share a branch; 1 gives each its own.</param>
/// <param name="BranchMemory">Time constant of a branch, in steps.</param>
/// <param name="Shortest">Least time constant of a memory, in steps.</param>
/// <param name="Longest">Greatest time constant of a memory, in steps.</param>
/// <param name="Mixing">How fast a memory takes in what is written, relative to its forgetting: lambda.</param>
/// <param name="LearnMemories">Whether time constants are learned.</param>
/// <param name="InputDropout">Share of inputs that training leaves out.</param>
public sealed record ElmNeuron(
    [property: Range(1, 4096)] int Memories = 100,
    [property: Range(1, 4096)] int BranchSize = 1,
    [property: Range(0.01, 1000.0)] double BranchMemory = 0.5,
    [property: Range(0.01, 100_000.0)] double Shortest = 0.1,
    [property: Range(0.01, 100_000.0)] double Longest = 50,
    [property: Range(0.1, 100.0)] double Mixing = 5,
    bool LearnMemories = false,
    AnswerRule Answer = AnswerRule.Last,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double InputDropout = 0.5,
    Recipe? Training = null)
    : IRecurrentFamily
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 20, BatchSize: 32, LearningRate: 2e-3, WeightDecay: 0, ClipNorm: 1);

    public FamilyCard Card => new("elm-neuron", 1, "ELM neuron")
    {
        Kind = "ann",
        Summary = "One neuron of leaky branches and leaky memories of many time scales; a small network decides what is remembered.",
        Paper = "Spieler, Rahaman, Martius, Schölkopf, Levina: The expressive leaky memory neuron, ICLR 2024",
        Link = "https://arxiv.org/abs/2306.16922",
        Equations = """
            b[t] = exp(-1 / tau_b) b[t-1] + sum of relu(w) x[t] over the synapses of a branch
            k = exp(-1 / tau), tau from shortest to longest, evenly in the logarithm
            u = [b[t]; k m[t-1]], D = 1.7159 tanh(2/3 MLP(u)), MLP: one hidden layer of 2 memories ReLU units
            m[t] = k m[t-1] + (1 - exp(-lambda / tau)) D
            y = W m + c
            """,
    };

    IReadOnlyList<RecurrentLayer> IRecurrentFamily.Layers(int inputs, OperationLedger ledger)
    {
        if (Longest < Shortest)
            throw new UnsupportedException($"Memories last {Shortest} to {Longest} steps: the longest must not be below the shortest.");
        if (inputs % BranchSize != 0)
            throw new UnsupportedException($"Branches of {BranchSize} do not divide {inputs} channels; choose a branchSize that does.");
        return [new ElmLayer(new(inputs, inputs / BranchSize, Memories, BranchMemory, Shortest, Longest, Mixing, LearnMemories), ledger)];
    }
}
