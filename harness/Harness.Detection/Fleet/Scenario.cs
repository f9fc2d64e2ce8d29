namespace Harness.Detection.Fleet;

/// <summary>What happens to the series of a fleet.</summary>
/// <param name="Slowdown">Relative change of the head from a random night of each series on.</param>
/// <param name="Step">Relative change of everything on a device from a random night of the device on: an update of its system.</param>
/// <param name="Leak">Share of the step that shows in ratios of two builds.</param>
/// <param name="Together">Whether the slowdown begins in the night of the step.</param>
public sealed record Scenario(string Name, double Slowdown = 0, double Step = 0, double Leak = 0, bool Together = false)
{
    /// <summary>Nights within which a change has to be found, counting its first.</summary>
    public const int Within = 7;

    public static Scenario Nothing { get; } = new("nothing happens");
    public static Scenario Slower5 { get; } = new("5 % slower", 0.05);
    public static Scenario Slower10 { get; } = new("10 % slower", 0.10);
    public static Scenario Update { get; } = new("6 % step of the system, 20 % leak", 0, 0.06, 0.2);
    public static Scenario SlowerWithUpdate { get; } = new("10 % slower in the night of that step", 0.10, 0.06, 0.2, true);

    public static IReadOnlyList<Scenario> All { get; } = [Nothing, Slower5, Slower10, Update, SlowerWithUpdate];
}
