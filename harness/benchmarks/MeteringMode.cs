using System.CommandLine;
using Harness.Agent.Measuring;
using Harness.Agent.Measuring.Meters;
using Harness.Torch;
using static TorchSharp.torch;

namespace Harness.Benchmarks;

/// <summary>
/// <c>metering</c>: the same work with and without meters, turn by turn. Sensors are files as the kernel has them (RAPL, rails of an
/// INA3221, thermal zones, clock rates); where the machine has sensors of its own these are read too. Target: at most 1 %.
/// </summary>
static class MeteringMode
{
    const int Size = 384;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 9, Description = "Turns of each way." };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 3, Description = "Length of a turn." };
        var command = new Command("metering", "What metering costs a trial.") { rounds, seconds };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(seconds)));
        return command;
    }

    static int Run(int rounds, double seconds)
    {
        var sysfs = Directory.CreateTempSubdirectory("harness-sysfs-");
        try
        {
            TorchSession.Begin(1, 2);
            Fill(sysfs);
            IProbe[] probes =
            [
                new MeterProbe([new RaplMeters(sysfs.FullName), new HwmonMeters(sysfs.FullName), new RaplMeters("/sys"),
                    new HwmonMeters("/sys"), new NvmlMeters("libnvidia-ml.so.1")], TimeProvider.System, MeterRules.Default, TimeSpan.Zero),
                new ConditionProbe(sysfs.FullName, TimeProvider.System, TimeSpan.FromSeconds(1)),
            ];
            var shares = new List<double>();
            var turns = Interleaved.Run(rounds, 0, ("alone", () => Work(seconds)), ("metered", () => shares.Add(Metered(probes, seconds))));
            Console.Out.WriteLine($"metered / alone: {turns.Ratio("metered", "alone"):0.0000} of the time, "
                + $"so metering cost {100 * (turns.Seconds("metered") / turns.Seconds("alone") - 1):0.00} % "
                + $"(medians of {turns.Seconds("metered"):0.000} and {turns.Seconds("alone"):0.000} s); "
                + $"the meters say that reading took {100 * shares.Average():0.00} %");
            return 0;
        }
        finally
        {
            sysfs.Delete(recursive: true);
        }
    }

    static double Metered(IProbe[] probes, double seconds)
    {
        var readings = new List<Reading>();
        probes.Aggregate((Action)(() => Work(seconds)), (inner, probe) => () => readings.AddRange(probe.Around(inner)))();
        return readings.Single(reading => reading.Metric == MeterQuantities.Overhead.Id).Value!.Value;
    }

    /// <summary>A fixed amount of products of matrices on both threads, about as many as the machine does in the given time.</summary>
    static void Work(double seconds)
    {
        using var mode = inference_mode();
        for (var call = 0; call < Calls(seconds); call++) Multiply();
    }

    static void Multiply()
    {
        using var scope = NewDisposeScope();
        mm(Left.Value, Left.Value);
    }

    static readonly Lazy<Tensor> Left = new(() => rand(Size, Size).DetachFromDisposeScope());

    static int calls;

    static int Calls(double seconds)
    {
        if (calls > 0) return calls;
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var done = 0;
        for (; System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; done++) Multiply();
        return calls = Math.Max(1, done);
    }

    static void Fill(DirectoryInfo sysfs)
    {
        void Write(string path, string text)
        {
            var file = new FileInfo(Path.Combine(sysfs.FullName, path));
            file.Directory!.Create();
            File.WriteAllText(file.FullName, text + "\n");
        }
        for (var package = 0; package < 2; package++)
        {
            Write($"class/powercap/intel-rapl:{package}/name", $"package-{package}");
            Write($"class/powercap/intel-rapl:{package}/energy_uj", "262143000000");
            Write($"class/powercap/intel-rapl:{package}/max_energy_range_uj", "262143328850");
        }
        Write("class/hwmon/hwmon0/name", "ina3221");
        for (var rail = 1; rail <= 3; rail++)
        {
            Write($"class/hwmon/hwmon0/in{rail}_input", "19000");
            Write($"class/hwmon/hwmon0/curr{rail}_input", "250");
        }
        for (var zone = 0; zone < 8; zone++) Write($"class/thermal/thermal_zone{zone}/temp", "41000");
        for (var cpu = 0; cpu < 16; cpu++) Write($"devices/system/cpu/cpu{cpu}/cpufreq/scaling_cur_freq", "2400000");
    }
}
