namespace Harness.Abstractions;

/// <summary>Measures around work. A sensor that does not answer yields a reading without a value and with a reason, never a zero.</summary>
public interface IProbe
{
    IReadOnlyList<MetricCard> Quantities { get; }
    IReadOnlyList<Reading> Around(Action work);
}

public sealed record Reading(string Metric, double? Value, string? Reason = null);

public interface IEnergyModel
{
    MetricCard Card { get; }

    /// <summary>Joules per sample from counted operations: evidence tier E1, an estimate and never a measurement.</summary>
    EnergyEstimate Estimate(OperationCounts operations);
}

public sealed record EnergyEstimate(double Low, double Mid, double High, string Citation);
