namespace Harness.Detection.Deciding;

/// <summary>
/// When a change counts. The constants are defaults of a noise model: <c>harness bench detector</c> shows what they give, and controls
/// raise what has to be raised (<see cref="NoiseFloor"/>).
/// </summary>
public sealed record DetectionPolicy
{
    /// <summary>The smallest relative change of a paired quantity that matters.</summary>
    public double LeastEffect { get; init; } = 0.01;
    /// <summary>What has to be exceeded while fewer than <see cref="LeastControls"/> controls are known.</summary>
    public double FloorWithoutControls { get; init; } = 0.03;
    /// <summary>Largest difference of a score that does not matter: half a point.</summary>
    public double ScoreMargin { get; init; } = 0.005;
    /// <summary>Rate of false discoveries over all tests of a session (Benjamini and Hochberg).</summary>
    public double FalseDiscoveryRate { get; init; } = 0.05;
    /// <summary>The same while fewer than <see cref="LeastControls"/> controls are known: what a device does by itself is a guess
    /// then.</summary>
    public double FalseDiscoveryRateWithoutControls { get; init; } = 0.01;

    public int Pairs { get; init; } = 5;
    public int ConfirmationPairs { get; init; } = 10;
    /// <summary>A confirmation that leaves the question open takes as many pairs again, this often in all.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Nights of a series that a trigger looks at.</summary>
    public int Window { get; init; } = 45;
    /// <summary>Nights that a series needs to know its own spread.</summary>
    public int LeastNights { get; init; } = 5;
    public double BandDeviations { get; init; } = 3;
    public double ClampDeviations { get; init; } = 4;
    public double ChangeP { get; init; } = 0.01;
    public int Permutations { get; init; } = 199;
    /// <summary>A change point is news if it lies within so many nights.</summary>
    public int RecentNights { get; init; } = 8;

    public int Controls { get; init; } = 30;
    public int LeastControls { get; init; } = 10;
    /// <summary>A change must be at least so many times what a session adds to all of its pairs alike, which no number of pairs averages
    /// away.</summary>
    public double SessionResiduals { get; init; } = 2;

    /// <summary>Share of a move of the environment that may show in a ratio of two builds; that much of a change is not held against the
    /// head.</summary>
    public double LeakShare { get; init; } = 0.5;
    /// <summary>The canary has moved when its nights before and since differ by so many standard errors.</summary>
    public double CanaryDeviations { get; init; } = 3;
    /// <summary>Nights on either side of a change over which the canary is looked at.</summary>
    public int CanaryNights { get; init; } = 8;
}
