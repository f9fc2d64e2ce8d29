using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Measuring;

/// <summary>What every worker of the harness measures around its offline stage, and the sensors it would measure with.</summary>
public static class StandardProbes
{
    /// <summary>In this order: the first one is the outermost.</summary>
    /// <param name="sysfs"><c>/sys</c> on a machine and a faithful fake in tests.</param>
    public static IReadOnlyList<IProbe> Of(IReadOnlyList<IMeterKind> meters, string sysfs) =>
    [
        new MeterProbe(meters, TimeProvider.System, MeterRules.Default, TimeSpan.FromSeconds(3)), new ProcessorTimeProbe(),
        new ConditionProbe(sysfs, TimeProvider.System, TimeSpan.FromSeconds(1)), new PeakMemoryProbe(new DirectoryInfo("/proc/self")),
    ];

    /// <summary>Names of the meters that this machine has. Looking loads libraries and reads devices.</summary>
    public static IReadOnlyList<string> Sensors(IEnumerable<IMeterKind> meters) =>
        [.. meters.SelectMany(kind => kind.Find(out _)).Select(meter => { using (meter) return meter.Card.Id; })];
}
