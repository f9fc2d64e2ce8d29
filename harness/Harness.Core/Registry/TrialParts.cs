namespace Harness.Core.Registry;

/// <summary>The typed parts a trial names: what a worker runs and a scorer reads.</summary>
public sealed record TrialParts<TSample, TPrediction>(IDataset<TSample> Dataset, IModelFamily<TSample, TPrediction> Family);

public static class TrialParts
{
    /// <summary>Finds the dataset and binds the family of <paramref name="trial"/> in its benchmark.</summary>
    /// <exception cref="UnknownNameException">The benchmark lists no such protocol or family version.</exception>
    /// <exception cref="ConfigurationException">The configuration does not fit the family.</exception>
    public static TrialParts<TSample, TPrediction> PartsOf<TSample, TPrediction>(
        this Benchmark<TSample, TPrediction> benchmark, Trial trial) =>
        new(benchmark.DatasetOf(trial), benchmark.FamilyOf(trial));

    /// <inheritdoc cref="PartsOf{TSample, TPrediction}"/>
    public static IDataset<TSample> DatasetOf<TSample, TPrediction>(this Benchmark<TSample, TPrediction> benchmark, Trial trial) =>
        benchmark.Datasets.FirstOrDefault(dataset => dataset.Card.Protocol == trial.Protocol) ?? throw new UnknownNameException(
            "protocol", trial.Protocol, $"benchmark {trial.Suite}/{benchmark.Id}",
            [.. benchmark.Datasets.Select(dataset => dataset.Card.Protocol)]);

    /// <inheritdoc cref="PartsOf{TSample, TPrediction}"/>
    public static IModelFamily<TSample, TPrediction> FamilyOf<TSample, TPrediction>(
        this Benchmark<TSample, TPrediction> benchmark, Trial trial) =>
        (IModelFamily<TSample, TPrediction>)Configurations.Bind(
            benchmark.Families.FirstOrDefault(family => Reference(family.Card) == trial.Family) ?? throw new UnknownNameException(
                "family", trial.Family, $"benchmark {trial.Suite}/{benchmark.Id}",
                [.. benchmark.Families.Select(family => Reference(family.Card))]),
            trial.Configuration);

    static string Reference(FamilyCard card) => $"{card.Id}@{card.Version}";
}
