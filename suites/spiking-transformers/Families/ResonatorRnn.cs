using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;

namespace Suites.SpikingTransformers.Families;

/// <summary>Recurrent spiking network of balanced resonate-and-fire neurons, which reads a sequence step by step.</summary>
/// <param name="Neurons">Of each layer; a multiple of 32.</param>
/// <param name="ShortestPeriod">Shortest period at the start, in steps.</param>
/// <param name="LongestPeriod">Longest period at the start, in steps.</param>
/// <param name="ShortestMemory">Steps in which the fastest resonator forgets all but 1/e, at the start.</param>
/// <param name="LongestMemory">The same of the slowest.</param>
/// <param name="Refractory">Share of the refractory trace that is left a step later.</param>
/// <param name="Fatigue">Loss per step that a refractory trace of 1 causes.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
public sealed record ResonatorRnn(
    [property: Range(32, 4096)] int Neurons = 128,
    [property: Range(1, 4)] int Depth = 1,
    [property: Range(6.5, 10_000.0)] double ShortestPeriod = 12,
    [property: Range(6.5, 10_000.0)] double LongestPeriod = 42,
    [property: Range(1.0, 100_000.0)] double ShortestMemory = 100,
    [property: Range(1.0, 100_000.0)] double LongestMemory = 1000,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double Refractory = 0.9,
    [property: Range(0.0, 1.0)] double Fatigue = 0.01,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 0.25,
    Surrogate Surrogate = Surrogate.Gaussian,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 3,
    Recipe? Training = null)
    : IModelFamily<FrameSequence, ClassPrediction>
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 2, BatchSize: 30, LearningRate: 1e-2, WeightDecay: 0, Warmup: 0.05,
        ClipNorm: 1);

    public FamilyCard Card => new("resonator-rnn", 1, "Resonator RNN")
    {
        Kind = "spiking",
        Summary = "Recurrent balanced resonate-and-fire neurons: the state after one step is all that the next sees of the past.",
        Paper = "Higuchi, Kairat, Bohte, Otte: Balanced resonate-and-fire neurons, ICML 2024",
        Link = "https://arxiv.org/abs/2402.14603",
        Equations = """
            I[t] = W x[t] + b + R s[t-1]
            u[t] = u[t-1] + (g - fatigue q[t-1] + i w) u[t-1] + I[t], g = -1 + sqrt(1 - w^2) - damping
            s[t] = 1 where Re u[t] >= threshold + q[t-1], q[t] = refractory q[t-1] + s[t]
            y = V (sum over t of s[t]) / sqrt(number of steps) + c
            w, damping, W, b, R, V, c are learned; backward: ds/du = surrogate'(Re u - threshold - q)
            """,
    };

    public IModel<FrameSequence, ClassPrediction> Prepare(TrainingData<FrameSequence> data, RunContext context)
    {
        if (LongestPeriod < ShortestPeriod || LongestMemory < ShortestMemory)
            throw new UnsupportedException($"Periods of {ShortestPeriod} to {LongestPeriod} and memories of {ShortestMemory} to "
                + $"{LongestMemory} steps: the longest must not be below the shortest.");
        var classes = Classes.Of(data);
        var levels = FrameLevels.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var firing = new LifParameters(Threshold: (float)Threshold, Surrogate: Surrogate, Slope: (float)Slope);
        var sizes = new ResonatorSizes(levels.Channels, Neurons, Depth, classes,
            (2 * Math.PI / LongestPeriod, 2 * Math.PI / ShortestPeriod), (1 / LongestMemory, 1 / ShortestMemory), (float)Refractory,
            (float)Fatigue, firing);
        return Classifier.Train(new ResonatorNetwork(sizes, ledger), levels, data, Training, context, ledger);
    }
}
