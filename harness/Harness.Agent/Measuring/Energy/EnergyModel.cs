namespace Harness.Agent.Measuring.Energy;

/// <summary>
/// An estimate that is a sum of counts times constants. Every formula here grows with every constant, so that the range of the estimate
/// is the formula at all low and at all high ends: an outer bound, since the constants are not known to move together.
/// </summary>
public abstract class EnergyModel(MetricCard card, EnergyBasis basis) : IEnergyModel
{
    const double Picojoule = 1e-12;

    public MetricCard Card => card;
    public EnergyBasis Basis => basis;

    /// <exception cref="HarnessException"><paramref name="constants"/> names one that the model does not have.</exception>
    public EnergyEstimate Estimate(OperationCounts operations, IReadOnlyDictionary<string, double>? constants = null)
    {
        if (constants?.Keys.FirstOrDefault(name => !basis.Constants.Any(constant => constant.Name == name)) is { } unknown)
            throw new HarnessException($"{card.Id} has no constant '{unknown}'; it has "
                + $"{string.Join(", ", basis.Constants.Select(constant => constant.Name))}.");
        return ObstacleOrNull(operations) is { } obstacle
            ? new(null, null, null, obstacle)
            : new(At(constant => constant.Low), At(constant => constant.Mid), At(constant => constant.High));

        double At(Func<EnergyConstant, double> end) => Scale * Amount(operations, new Costs(basis, end, constants));
    }

    /// <summary>What one unit of <see cref="Amount"/> is in the unit of the card.</summary>
    protected virtual double Scale => Picojoule;

    /// <summary>Picojoules per sample.</summary>
    protected abstract double Amount(OperationCounts operations, Costs costs);

    /// <summary>Why the counts do not carry what the model needs, in words; null when they do.</summary>
    protected virtual string? ObstacleOrNull(OperationCounts operations) => null;

    /// <summary>The shape every layer with weights must have told; attention products have none and need none.</summary>
    protected static string? ShapeObstacle(OperationCounts operations) =>
        operations.Layers.FirstOrDefault(layer => layer.WeightBytes > 0 && layer.Shape is null) is { } layer
            ? $"Layer {layer.Layer} ({layer.Kind}) was counted without its shape, which this model needs; count the run again."
            : null;

    protected static MetricCard CardOf(string id, string title, string definition, string source, int version = 1,
        string unit = "J/sample") => new(id, version, title, unit, Direction.Lower)
        { Definition = "Estimate, not a measurement: " + definition, Source = source };
}
