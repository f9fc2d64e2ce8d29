using System.Text.Json;

namespace Harness.Publishing.Reports;

/// <summary>What a paper claims, as data: read from <c>results/claims/ID.yaml</c>.</summary>
public sealed record ClaimSet(string Id, string Title)
{
    public required string Authors { get; init; }
    public required string Venue { get; init; }
    public required int Year { get; init; }
    public string? Link { get; init; }
    /// <summary>How the values were obtained, and what a reader must know of them.</summary>
    public string? Note { get; init; }
    public required IReadOnlyList<Claim> Claims { get; init; }
}

/// <summary>How our setting relates to the paper's.</summary>
public enum ClaimScale
{
    /// <summary>The same data, size and training, as far as the paper tells: the values compare.</summary>
    Full,
    /// <summary>Smaller or shorter: our value is stated, but does not judge the paper's.</summary>
    Reduced,
    /// <summary>Not run here, for the reason given.</summary>
    None,
}

/// <summary>One number of a paper and where it stands there.</summary>
/// <param name="Where">Table, figure or section.</param>
/// <param name="Tolerance">The largest difference, in the paper's unit, at which the value counts as reproduced.</param>
public sealed record Claim(string Id, string Statement, string Where, double Value, string Unit, double Tolerance, ClaimScale Scale)
{
    /// <summary>What was run here for it; null exactly where the scale is none.</summary>
    public OurSetting? Ours { get; init; }
    /// <summary>What is different here; the reason where nothing is run.</summary>
    public string? Difference { get; init; }
    /// <summary>Our value when it was last looked at, in the stored unit: a check fails when the runs no longer yield it.</summary>
    public double? Recorded { get; init; }
}

/// <summary>Which runs answer a claim.</summary>
public sealed record OurSetting(string Protocol, string Family, string Metric)
{
    /// <summary>Hyper-parameters that must have these values; the others may have any.</summary>
    public JsonElement? With { get; init; }
    public int? Limit { get; init; }
}
