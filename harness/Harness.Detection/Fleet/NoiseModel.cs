namespace Harness.Detection.Fleet;

/// <summary>
/// How the times of a device class scatter, as standard deviations of logarithms (0.01 is 1 %). The classes span what is published of
/// machines under control: dedicated servers repeat to a fraction of a percent, phones under ideal conditions to about 3 %, with bursts
/// of background work. They are assumptions; controls of a real fleet replace them.
/// </summary>
/// <param name="Pair">Of the difference of one pair of runs.</param>
/// <param name="Session">Of what all pairs of one session share: layout, order, heat. No number of pairs averages it away.</param>
/// <param name="Night">Of what a night adds to every absolute time of the device; pairs cancel it.</param>
/// <param name="Wander">Of an autoregressive drift (0.7 a night) of the absolute times, on top of that.</param>
/// <param name="Outliers">Share of pairs in which one arm was disturbed.</param>
/// <param name="OutlierSize">Mean of what a disturbance adds; exponential, on either arm.</param>
/// <param name="Missing">Share of nights on which a device did not run.</param>
public sealed record NoiseModel(string Name, double Pair, double Session, double Night, double Wander, double Outliers, double OutlierSize,
    double Missing)
{
    public static NoiseModel Server { get; } = new("server", 0.006, 0.001, 0.004, 0.003, 0.02, 0.05, 0.02);
    public static NoiseModel Laptop { get; } = new("laptop", 0.015, 0.003, 0.012, 0.008, 0.03, 0.10, 0.03);
    public static NoiseModel Phone { get; } = new("phone", 0.03, 0.008, 0.02, 0.01, 0.05, 0.15, 0.05);

    public static IReadOnlyList<NoiseModel> All { get; } = [Server, Laptop, Phone];
}
