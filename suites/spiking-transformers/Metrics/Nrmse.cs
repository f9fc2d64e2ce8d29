using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Root of the mean squared error over the variance of the target, after the wash-out.</summary>
public sealed record Nrmse : IMetric<SignalSeries, SignalPrediction>
{
    public MetricCard Card => new("nrmse", 1, "Normalised root mean square error", "1", Direction.Lower)
    {
        Definition = "Square root of the mean squared error divided by the variance of the target, over the steps after the wash-out; mean "
            + "over outputs and series.",
        Source = "Jaeger and Haas: Harnessing nonlinearity, Science 304, 2004",
    };

    public ITally<SignalSeries, SignalPrediction> Begin() => SeriesTally.Of((said, target) =>
        said.Zip(target, Statistic.Error).Average());
}
