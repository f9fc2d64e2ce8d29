namespace Harness.Abstractions;

/// <summary>Measures around work. A sensor that does not answer yields a reading without a value and with a reason, never a zero.</summary>
public interface IProbe
{
    IReadOnlyList<MetricCard> Quantities { get; }
    IReadOnlyList<Reading> Around(Action work);

    /// <summary>What was seen over the time of the last <see cref="Around"/>, for probes that watch sensors; taken once.</summary>
    IReadOnlyList<SensorTrace> TakeTraces() => [];
}

/// <summary>What a sensor said while the offline stage ran.</summary>
/// <param name="Sensor">The instrument, e.g. <c>rapl:package-0</c> or <c>thermal:x86_pkg_temp</c>.</param>
/// <param name="Quantity">power, temperature or frequency.</param>
/// <param name="Unit">W, °C or Hz.</param>
/// <param name="Seconds">Since the window began, ascending.</param>
/// <param name="Values">As many as <paramref name="Seconds"/>; null where the sensor gave nothing that can be believed.</param>
public sealed record SensorTrace(string Sensor, string Quantity, string Unit, IReadOnlyList<double> Seconds,
    IReadOnlyList<double?> Values);

public sealed record Reading(string Metric, double? Value, string? Reason = null)
{
    /// <summary>The instrument, e.g. <c>rapl:package-0</c>; null where the harness itself looked.</summary>
    public string? Instrument { get; init; }
    /// <summary>Evidence tier E2..E4 of a measured joule or watt; null for other quantities.</summary>
    public string? Tier { get; init; }
}

public interface IEnergyModel
{
    MetricCard Card { get; }

    /// <summary>What the model counts, what it leaves out, and every constant it rests on.</summary>
    EnergyBasis Basis { get; }

    /// <summary>Joules per sample from counted operations: evidence tier E1, an estimate and never a measurement.</summary>
    /// <param name="constants">Values, by name, that stand in for those of <see cref="Basis"/> at low, mid and high alike.</param>
    EnergyEstimate Estimate(OperationCounts operations, IReadOnlyDictionary<string, double>? constants = null);
}

/// <summary>A coefficient of an energy model, in <paramref name="Unit"/>, with the range that publications span.</summary>
public sealed record EnergyConstant(string Name, double Low, double Mid, double High, string Unit, string Source);

/// <param name="Scope">What is counted and what is left out, in words.</param>
/// <param name="Regime">The machine that the coefficients speak of, e.g. <c>45 nm CMOS, fp32</c>.</param>
/// <param name="Citation">Where the equations come from.</param>
public sealed record EnergyBasis(string Scope, string Regime, string Citation, IReadOnlyList<EnergyConstant> Constants);

/// <summary>An estimate with its range; without numbers, and with the reason, where the counts do not carry what the model needs.</summary>
public sealed record EnergyEstimate(double? Low, double? Mid, double? High, string? Reason = null);
