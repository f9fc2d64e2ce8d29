using System.Globalization;

namespace Harness.Agent.Measuring;

/// <summary>
/// The high-water mark of this process before the work, and during it: the mark is reset in between. The agent's own view from
/// outside has noted the earlier mark by then, so that its peak is not lost.
/// </summary>
/// <param name="process">Folder of the process in proc, <c>/proc/self</c>.</param>
public sealed class PeakMemoryProbe(DirectoryInfo process) : IProbe
{
    const string ResetHighWaterMark = "5";

    public IReadOnlyList<MetricCard> Quantities { get; } = [Measuring.Quantities.TrainMemory, Measuring.Quantities.PredictMemory];

    public IReadOnlyList<Reading> Around(Action work)
    {
        var before = Mark(Measuring.Quantities.TrainMemory.Id);
        var obstacle = ResetOrReason();
        work();
        return [before, obstacle is null
            ? Mark(Measuring.Quantities.PredictMemory.Id)
            : new(Measuring.Quantities.PredictMemory.Id, null, $"The high-water mark cannot be reset: {obstacle}")];
    }

    string? ResetOrReason()
    {
        try
        {
            File.WriteAllText(Path.Combine(process.FullName, "clear_refs"), ResetHighWaterMark);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return error.Message; }
    }

    Reading Mark(string metric)
    {
        var file = Path.Combine(process.FullName, "status");
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is not null && long.TryParse(line["VmHWM:".Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture,
                out var kilobytes)
                ? new(metric, kilobytes * 1024)
                : new(metric, null, $"{file} has no VmHWM.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return new(metric, null, error.Message); }
    }
}
