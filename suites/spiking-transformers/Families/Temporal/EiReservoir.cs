using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Harness.Datasets;
using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Networks.Reservoirs;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Reservoir of excitatory and inhibitory units whose inhibition is adapted unit by unit, or scaled as a whole.</summary>
/// <param name="Balance">How inhibition is set.</param>
/// <param name="Ratio">Inhibition over excitation, where it is scaled as a whole.</param>
/// <param name="Target">Rate that units adapt to.</param>
/// <param name="Heterogeneity">Targets are spread evenly over target (1 ± this).</param>
/// <param name="Rate">Of adaptation.</param>
/// <param name="AdaptationSteps">Steps of the training input over which units adapt.</param>
/// <param name="Strength">g: magnitude of weights is |N(0, 1)| g / sqrt(density units).</param>
/// <param name="Gain">Of the logistic function.</param>
public sealed record EiReservoir(
    Balance Balance = Balance.Adaptive,
    [property: Range(0.01, 100.0)] double Ratio = 1,
    [property: Range(0.01, 0.99)] double Target = 0.3,
    [property: Range(0.0, 1.0)] double Heterogeneity = 0,
    [property: Range(0.0, 1.0)] double Rate = 0.02,
    [property: Range(0, 1_000_000)] int AdaptationSteps = 600,
    [property: Range(5, 4096)] int Units = 200,
    [property: Range(0.001, 1.0)] double Density = 0.2,
    [property: Range(0.001, 100.0)] double Strength = 1,
    [property: Range(0.001, 100.0)] double Gain = 4,
    [property: Range(0.0, 100.0)] double InputScale = 0.2,
    [property: Range(0.0, 1e6)] double Ridge = 1e-7)
    : IModelFamily<SignalSeries, SignalPrediction>
{
    public FamilyCard Card => new("ei-reservoir-reconstruction", 1, "Balanced E/I reservoir")
    {
        Kind = "ann",
        Summary = "Excitatory and inhibitory logistic units; each adapts its own inhibition to a target rate, or all inhibition is scaled "
            + "by one number. Reconstructed from an abstract.",
        Paper = "Reservoir computing with brain-inspired adaptive dynamics (abstract only; the equations are ours)",
        Equations = """
            r_i[t] = logistic(gain (sum over j of w_ij r_j[t-1] + v_i u[t])), |w| = |N(0, 1)| g / sqrt(p N), a fifth inhibits
            global: inhibition scaled so that its mean is ratio times that of excitation
            adaptive: w_ij = min(0, w_ij - rate (r_i - target_i) r_j) for inhibitory j
            y = V [r; 1], V by ridge regression
            """,
    };

    public IModel<SignalSeries, SignalPrediction> Prepare(TrainingData<SignalSeries> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There is no training series; a readout needs at least one.");
        TorchSession.Begin(context.Seed, context.Threads);
        var start = context.Time.GetTimestamp();
        var chance = new Chance(unchecked((ulong)context.Seed));
        var reservoir = new BalancedReservoir(new(Units, Density, Strength, Gain, InputScale), chance);
        if (Balance == Balance.Global) reservoir.Scale(Ratio);
        else reservoir.Adapt(Heard(data.Training[0].Inputs.Span), Targets(chance), Rate);
        var model = ReservoirModel.Fit(reservoir, data.Training, Ridge);
        context.Progress.Report(new(1, 0, null, context.Time.GetElapsedTime(start).TotalSeconds)
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"inhibition over excitation {reservoir.Ratio:F2}, mean rate "
                + $"{MeanRate(reservoir, data.Training[0]):F3}"),
        });
        return model;
    }

    // Of up to 1000 steps; the first tenth is left out.
    double MeanRate(BalancedReservoir reservoir, SignalSeries series)
    {
        var steps = Math.Min(1000, series.Steps);
        return reservoir.Run(series.Inputs.Span[..steps])[(steps / 10 * Units)..].Average();
    }

    // The input once more where it is shorter than the adaptation.
    double[] Heard(ReadOnlySpan<double> inputs)
    {
        var heard = new double[AdaptationSteps];
        for (var step = 0; step < heard.Length; step++) heard[step] = inputs[step % inputs.Length];
        return heard;
    }

    double[] Targets(Chance chance) => [.. Enumerable.Range(0, Units)
        .Select(_ => Math.Clamp(Target * (1 + Heterogeneity * (2 * chance.Unit() - 1)), 0.02, 0.95))];
}
