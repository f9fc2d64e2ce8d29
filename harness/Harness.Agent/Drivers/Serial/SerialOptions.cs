namespace Harness.Agent.Drivers.Serial;

/// <summary>Which board, and what its answers mean.</summary>
/// <param name="Port">The device file, e.g. <c>/dev/ttyACM0</c>.</param>
public sealed record SerialOptions(string Port)
{
    /// <summary>The one family that the board holds, as NAME@VERSION: trials of others are unsupported. Null takes every trial.</summary>
    public string? Family { get; init; }
    /// <summary>Of the reference firmware in performance mode.</summary>
    public int Baud { get; init; } = 115_200;
    /// <summary>Longest time without a character of an answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
