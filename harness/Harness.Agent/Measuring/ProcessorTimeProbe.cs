namespace Harness.Agent.Measuring;

/// <summary>Processor seconds of this process, all threads, user and system, while the work ran.</summary>
public sealed class ProcessorTimeProbe : IProbe
{
    public IReadOnlyList<MetricCard> Quantities { get; } = [Measuring.Quantities.ProcessorTime];

    public IReadOnlyList<Reading> Around(Action work)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS() && !OperatingSystem.IsWindows())
        {
            work();
            return [new(Measuring.Quantities.ProcessorTime.Id, null, "This system does not tell processor time.")];
        }
        var before = Environment.CpuUsage.TotalTime;
        work();
        return [new(Measuring.Quantities.ProcessorTime.Id, (Environment.CpuUsage.TotalTime - before).TotalSeconds)];
    }
}
