namespace Harness.Agent.Measuring;

/// <summary>What the readings of a run mean, apart from those that the scoring derives and those of energy meters.</summary>
public static class Quantities
{
    public static MetricCard TrainMemory { get; } = new("memory.train", 1, "Peak memory until trained", "B", Direction.Lower)
    {
        Definition = "Highest resident memory of the worker from its start to the beginning of the offline stage.",
        Source = "proc(5), VmHWM of /proc/[pid]/status",
    };

    public static MetricCard PredictMemory { get; } = new("memory.predict", 1, "Peak memory while predicting", "B", Direction.Lower)
    {
        Definition = "Highest resident memory of the worker during the offline stage; the high-water mark is reset before it.",
        Source = "proc(5), /proc/[pid]/clear_refs (5) and VmHWM of /proc/[pid]/status",
    };

    public static MetricCard ProcessorTime { get; } = new("processor.time", 1, "Processor time", "s", Direction.Lower)
    {
        Definition = "User and system time of all threads of the worker during the offline stage.",
        Source = "getrusage(2)",
    };

    public static MetricCard SingleVersusBatch { get; } = new("consistency.single_vs_batch", 1, "Single equals batch",
        "share", Direction.Higher)
    {
        Definition = "Share of the single-sample calls whose answer equals the answer for the same sample in a batch.",
    };

    public static MetricCard OperationsCounted { get; } = new("operations.counted", 1, "Operations counted", "share", Direction.Neutral)
    {
        Definition = "Absent, with the reason, where a model has operations whose number it cannot tell.",
    };

    public static MetricCard ExitCode { get; } = new("worker.exit_code", 1, "Exit code after the result", "code", Direction.Neutral)
    {
        Definition = "Exit code of a worker that had finished its run and then did not end cleanly; absent when it is 0.",
    };

    public static MetricCard TemperatureBefore { get; } = new("temperature.before", 1, "Temperature before", "°C", Direction.Neutral)
    {
        Definition = "What a thermal sensor of the device read when the offline stage began.",
        Source = "thermal zones of sysfs",
    };

    public static MetricCard TemperatureHighest { get; } = new("temperature.highest", 1, "Highest temperature", "°C", Direction.Lower)
    {
        Definition = "The highest reading of a thermal sensor during the offline stage.",
        Source = "thermal zones of sysfs",
    };

    public static MetricCard Frequency { get; } = new("frequency.mean", 1, "Clock rate of the processor", "Hz", Direction.Neutral)
    {
        Definition = "Mean over the offline stage of the mean over all processors; every second.",
        Source = "scaling_cur_freq of sysfs",
    };

    public static MetricCard TemperatureAfter { get; } = new("temperature.after", 1, "Temperature after", "°C", Direction.Neutral)
    {
        Definition = "What a thermal sensor of a phone read when its worker had finished.", Source = "dumpsys battery and thermalservice",
    };

    public static MetricCard BatteryBefore { get; } = Battery("before", "when the worker was about to start");
    public static MetricCard BatteryAfter { get; } = Battery("after", "when the worker had finished");
    public static MetricCard ThrottlingBefore { get; } = Throttling("before", "when the worker was about to start");
    public static MetricCard ThrottlingAfter { get; } = Throttling("after", "when the worker had finished");

    public static IReadOnlyList<MetricCard> All { get; } = [TrainMemory, PredictMemory, ProcessorTime, SingleVersusBatch, OperationsCounted,
        ExitCode, TemperatureBefore, TemperatureHighest, Frequency, TemperatureAfter, BatteryBefore, BatteryAfter, ThrottlingBefore,
        ThrottlingAfter];

    static MetricCard Battery(string when, string then) => new($"battery.{when}", 1, $"Battery {when}", "share", Direction.Neutral)
    {
        Definition = $"Charge of a phone's battery {then}, as a share of full.", Source = "dumpsys battery",
    };

    static MetricCard Throttling(string when, string then) => new($"throttling.{when}", 1, $"Throttling {when}", "level", Direction.Lower)
    {
        Definition = $"How severely a phone throttled itself {then}: 0 is not at all, 6 is about to shut down.",
        Source = "PowerManager.THERMAL_STATUS_* by dumpsys thermalservice",
    };
}
