namespace Harness.Publishing.Boards;

/// <summary>One number of one run with what is known about it.</summary>
public sealed record Measured(double Value, double? Low = null, double? High = null, string? Interval = null, string? Tier = null);

/// <summary>One quantity of a leaderboard and how to read it from a run.</summary>
/// <param name="Key">Metric id with version.</param>
/// <param name="Unit">The unit that decides the notation (<see cref="Quantities.Shown"/>).</param>
/// <param name="Source">measured, counted, derived or declared.</param>
public sealed record Column(string Key, string Title, string Unit, Direction Direction, string Source, Func<RunRecord, Measured?> Read)
{
    public bool Primary { get; init; }
    public string StoredUnit { get; init; } = Unit;

    /// <summary>The metric id without its version: what readings and cards call it.</summary>
    public string Metric => Key.Split('@')[0];
    public bool Energy => StoredUnit.StartsWith('J') && Metric.StartsWith("energy", StringComparison.Ordinal);
}

/// <summary>One quantity of one row: every seed's number, and their mean and spread.</summary>
public sealed record Cell(IReadOnlyList<(RunRecord Run, Measured Value)> Seeds)
{
    public bool Any => Seeds.Count > 0;
    public double Mean { get; } = Seeds.Count == 0 ? double.NaN : Seeds.Average(seed => seed.Value.Value);

    /// <summary>Sample standard deviation over seeds (divisor n − 1); null below two seeds.</summary>
    public double? Spread => Seeds.Count < 2 ? null
        : Math.Sqrt(Seeds.Sum(seed => (seed.Value.Value - Mean) * (seed.Value.Value - Mean)) / (Seeds.Count - 1));

    /// <summary>From the lowest to the highest end of the seeds' own intervals; null unless every seed states one.</summary>
    public (double Low, double High)? Hull { get; } = Seeds.Count > 0 && Seeds.All(seed => seed.Value is { Low: not null, High: not null })
        ? (Seeds.Min(seed => seed.Value.Low!.Value), Seeds.Max(seed => seed.Value.High!.Value)) : null;

    public string? Tier => Seeds.Select(seed => seed.Value.Tier).FirstOrDefault(tier => tier is not null);
}
