namespace Harness.Agent.Measuring.Energy;

/// <summary>The constants of an energy model at one end of their ranges, by name.</summary>
public sealed class Costs(EnergyBasis basis, Func<EnergyConstant, double> end, IReadOnlyDictionary<string, double>? instead)
{
    readonly Dictionary<string, double> values = basis.Constants.ToDictionary(constant => constant.Name,
        constant => instead is not null && instead.TryGetValue(constant.Name, out var value) ? value : end(constant),
        StringComparer.Ordinal);

    /// <exception cref="HarnessException">The model asks for a constant that its basis does not list.</exception>
    public double this[string name] => values.TryGetValue(name, out var value) ? value
        : throw new HarnessException($"The energy model uses '{name}', which is not among its constants {string.Join(", ", values.Keys)}.");
}
