namespace Harness.Detection.Counting;

/// <summary>Why a number that must not scatter may differ, most specific first.</summary>
public enum Cause { DatasetProtocol, ModelArtefact, CoefficientTable, Toolchain, Code }

/// <summary>Everything that may change a deterministic number, as the two arms had it.</summary>
/// <param name="Protocol">Protocol and hashes of its files.</param>
/// <param name="Model">Family version and configuration.</param>
/// <param name="Coefficients">Versions of the energy models.</param>
/// <param name="Toolchain">Runtime, instruction set, allocator.</param>
public sealed record Circumstances(string Protocol, string Model, string Coefficients, string Toolchain, string Commit)
{
    /// <summary>What is known of these from a run alone.</summary>
    public static Circumstances Of(RunRecord run) => new(
        run.Dataset is { } card ? CanonicalJson.Hash(card) : run.Trial.Protocol, $"{run.Trial.Family} {run.Trial.ConfigurationHash}",
        string.Join(' ', run.Metrics.Where(value => value.EnergyTier == "E1").Select(value => $"{value.Metric}@{value.Version}")),
        $"{run.Device.Runtime} {run.Device.Instructions} {run.Device.Allocator}", run.Provenance.Commit);

    /// <summary>What differs; empty when nothing is known to, which points at a computation that is not deterministic.</summary>
    public IReadOnlyList<Cause> DifferencesTo(Circumstances other)
    {
        var causes = new List<Cause>();
        if (Protocol != other.Protocol) causes.Add(Cause.DatasetProtocol);
        if (Model != other.Model) causes.Add(Cause.ModelArtefact);
        if (Coefficients != other.Coefficients) causes.Add(Cause.CoefficientTable);
        if (Toolchain != other.Toolchain) causes.Add(Cause.Toolchain);
        if (Commit != other.Commit) causes.Add(Cause.Code);
        return causes;
    }
}

/// <summary>A count that is not what it was. No statistics: any difference is a change.</summary>
/// <param name="Before">Null when only the head has it.</param>
/// <param name="After">Null when only the base has it.</param>
public sealed record CountChange(string Metric, Direction Direction, double? Before, double? After, IReadOnlyList<Cause> Causes)
{
    /// <summary>A lost count is worse: what is not counted cannot be defended.</summary>
    public bool IsWorse => After is null || (Before is not null && Direction switch
    {
        Direction.Higher => After < Before,
        Direction.Lower => After > Before,
        _ => false,
    });

    /// <summary>Exact comparison of what two runs with one seed counted; names on one side only are changes too.</summary>
    public static IReadOnlyList<CountChange> Of(IReadOnlyList<MetricValue> before, IReadOnlyList<MetricValue> after,
        IReadOnlyList<Cause> causes)
    {
        var names = before.Concat(after).Select(value => value.Metric).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. names.Select(name => (Before: Find(before, name), After: Find(after, name)))
            .Where(pair => pair.Before?.Value.Equals(pair.After?.Value) != true)
            .Select(pair => new CountChange((pair.Before ?? pair.After)!.Metric, (pair.Before ?? pair.After)!.Direction, pair.Before?.Value,
                pair.After?.Value, causes))];
    }

    static MetricValue? Find(IReadOnlyList<MetricValue> values, string name) => values.FirstOrDefault(value => value.Metric == name);
}
