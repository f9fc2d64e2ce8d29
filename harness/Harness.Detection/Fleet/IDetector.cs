namespace Harness.Detection.Fleet;

/// <summary>A detector that looks at one series every night. A new one is made for each series.</summary>
public interface IDetector
{
    /// <param name="series">All nights up to tonight, as logarithms of times; null is a missing night.</param>
    /// <returns>The first night of the newest slowdown that it reports tonight, or null.</returns>
    int? SlowerSince(IReadOnlyList<double?> series);
}

/// <summary>A detector by name, and whether it sees the ratios of paired builds instead of the times of the head.</summary>
public sealed record Rival(string Name, bool Paired, Func<IDetector> Create)
{
    /// <summary>What other tools do, on what they see in practice, and on the same ratios as ours to tell detector from design.</summary>
    public static IReadOnlyList<Rival> All { get; } =
    [
        .. new[] { false, true }.SelectMany(paired => new Rival[]
        {
            new("previous night × 1.05", paired, () => new PreviousNight(0.05)),
            new("t-test boundary (Bencher)", paired, () => new SampleBoundary(0.99)),
            new("step detection (asv)", paired, () => new StepDetection(0.05)),
            new("E-divisive (Otava)", paired, () => new WindowedDivision(0.001)),
        }),
    ];
}
