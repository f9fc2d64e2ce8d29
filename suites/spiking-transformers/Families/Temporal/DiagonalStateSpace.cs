using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Recurrent;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Diagonal state space models: what recurrent networks that read long sequences are held against.</summary>
/// <param name="Units">Linear systems of each layer.</param>
/// <param name="States">Complex numbers of state of a system.</param>
/// <param name="ShortestStep">Least length of a step in a system's own time, at the start.</param>
/// <param name="LongestStep">Greatest length of a step, at the start.</param>
/// <param name="Dropout">Share of outputs of each layer that training leaves out.</param>
/// <param name="InputDropout">Share of inputs that training leaves out.</param>
public sealed record DiagonalStateSpace(
    [property: Range(1, 4096)] int Units = 64,
    [property: Range(1, 1024)] int States = 16,
    [property: Range(1, 16)] int Depth = 2,
    [property: Range(1e-6, 10.0)] double ShortestStep = 1e-3,
    [property: Range(1e-6, 10.0)] double LongestStep = 1e-1,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double Dropout = 0.1,
    AnswerRule Answer = AnswerRule.Mean,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double InputDropout = 0,
    Recipe? Training = null)
    : IRecurrentFamily
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 20, BatchSize: 64, LearningRate: 4e-3, WeightDecay: 1e-2, ClipNorm: 1);

    public FamilyCard Card => new("s4d", 1, "S4D")
    {
        Kind = "ann",
        Summary = "Layers of linear systems with diagonal complex state matrices, each a convolution while learning and a recurrence "
            + "after.",
        Paper = "Gu, Goel, Gupta, Ré: On the parameterization and initialization of diagonal state space models, NeurIPS 2022",
        Link = "https://arxiv.org/abs/2206.11893",
        Equations = """
            h' = A h + u, y = 2 Re(C h) + D u for each unit; A = -exp(a) + i w, at the start -1/2 + i pi n
            h[t] = exp(step A) h[t-1] + (exp(step A) - 1) / A u[t], the step learned
            x[l+1] = LayerNorm(x[l] + GLU(W GELU(y) + b)); answer: linear in the mean over steps
            """,
    };

    IReadOnlyList<RecurrentLayer> IRecurrentFamily.Layers(int inputs, OperationLedger ledger)
    {
        if (LongestStep < ShortestStep)
            throw new UnsupportedException($"Steps are {ShortestStep} to {LongestStep} long: the longest must not be below the shortest.");
        var sizes = new StateSpaceSizes(Units, States, ShortestStep, LongestStep, Dropout);
        return [new FrameEncoder(inputs, Units, ledger), .. Enumerable.Range(1, Depth)
            .Select(index => new StateSpaceLayer($"layer{index}", sizes, ledger))];
    }
}
