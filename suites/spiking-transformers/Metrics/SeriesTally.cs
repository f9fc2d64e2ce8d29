using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Scores series by series, without their wash-out; the mean is the total.</summary>
static class SeriesTally
{
    /// <exception cref="HarnessException">From the tally: there is not a value for each step and output.</exception>
    public static ITally<SignalSeries, SignalPrediction> Of(Func<double[][], double[][], double> score) =>
        Tally.Mean<SignalSeries, SignalPrediction>((sample, prediction) =>
        {
            if (prediction.Values.Count != sample.Targets.Length)
                throw new HarnessException($"A series of {sample.Steps} steps and {sample.Outputs} outputs was answered with "
                    + $"{prediction.Values.Count} values; {sample.Targets.Length} are wanted.");
            var outputs = Enumerable.Range(0, sample.Outputs).ToArray();
            var targets = sample.Targets.ToArray();
            return score([.. outputs.Select(output => Column(prediction.Values, output, sample))],
                [.. outputs.Select(output => Column(targets, output, sample))]);
        });

    static double[] Column(IReadOnlyList<double> values, int output, SignalSeries sample) => [.. Enumerable
        .Range(sample.Washout, sample.Steps - sample.Washout).Select(step => values[step * sample.Outputs + output])];
}
