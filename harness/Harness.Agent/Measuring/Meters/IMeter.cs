namespace Harness.Agent.Measuring.Meters;

/// <summary>What a meter is: everything that decides how far its joules may be believed.</summary>
/// <param name="Id">e.g. <c>rapl:package-0</c>, <c>nvml:0</c>.</param>
/// <param name="Scope">What the number covers, in words: processor package, GPU board, whole phone.</param>
/// <param name="Tier">E2 software counter, E3 calibrated sensor, E4 external meter.</param>
/// <param name="Period">How often the sensor itself has a new value.</param>
/// <param name="Error">Published error of the sensor, in words; null where nobody states one.</param>
public sealed record MeterCard(string Id, string Scope, string Tier, TimeSpan Period, string? Error)
{
    /// <summary>Watts above which a reading cannot be true; null where no limit is known.</summary>
    public double? MaximumWatts { get; init; }
    /// <summary>Joules after which a cumulative counter starts again at zero; null where it does not.</summary>
    public double? WrapsAtJoules { get; init; }
}

/// <summary>
/// One look at a meter: a cumulative energy, or a power, or neither and the reason. <paramref name="At"/> counts seconds on the clock of
/// whoever reads; meters with a clock of their own translate.
/// </summary>
public sealed record MeterSample(double At, double? Joules, double? Watts, string? Reason = null);

/// <summary>A sensor of energy or power. Reading must be cheap, and must not throw for anything a sensor can do.</summary>
public interface IMeter : IDisposable
{
    MeterCard Card { get; }

    /// <param name="seconds">The time to stamp the sample with.</param>
    MeterSample Read(double seconds);
}

/// <summary>Looks for a kind of meter: those that answer, or why there is none.</summary>
public interface IMeterKind
{
    string Name { get; }

    /// <summary>The meters found; <paramref name="absent"/> says why there are none, or why some were left out.</summary>
    IReadOnlyList<IMeter> Find(out string? absent);
}
