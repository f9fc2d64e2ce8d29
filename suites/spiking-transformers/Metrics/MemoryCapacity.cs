using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>Sum over outputs of the squared correlation of prediction and target, after the wash-out.</summary>
public sealed record MemoryCapacity : IMetric<SignalSeries, SignalPrediction>
{
    public MetricCard Card => new("memory-capacity", 1, "Memory capacity", "steps", Direction.Higher)
    {
        Definition = "Sum over delays of the squared correlation between what was heard that long ago and what the readout says, over the "
            + "steps after the wash-out; mean over series.",
        Source = "Jaeger: Short term memory in echo state networks, GMD report 152, 2001",
    };

    public ITally<SignalSeries, SignalPrediction> Begin() => SeriesTally.Of((said, target) =>
        said.Zip(target, (one, other) => Math.Pow(Statistic.Correlation(one, other), 2)).Sum());
}
