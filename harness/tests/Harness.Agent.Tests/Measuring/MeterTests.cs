using System.Diagnostics;
using System.Text;
using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Tests.Measuring;

/// <summary>Meters against faithful fakes of the kernel's files, of NVML and of a serial line.</summary>
public sealed class MeterTests : IDisposable
{
    readonly DirectoryInfo root = Directory.CreateTempSubdirectory("harness-sysfs-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void Rapl_reads_package_domains_and_knows_where_they_wrap()
    {
        Write("class/powercap/intel-rapl:0/name", "package-0");
        Write("class/powercap/intel-rapl:0/energy_uj", "262143000000");
        Write("class/powercap/intel-rapl:0/max_energy_range_uj", "262143328850");
        Write("class/powercap/intel-rapl:0:0/name", "core");
        var meter = Assert.Single(new RaplMeters(root.FullName).Find(out var absent));
        Assert.Null(absent);
        Assert.Equal(("rapl:package-0", 262143.32885), (meter.Card.Id, meter.Card.WrapsAtJoules!.Value));
        Assert.Equal(262143, meter.Read(0).Joules!.Value, 1e-6);
        Write("class/powercap/intel-rapl:0/energy_uj", "unreadable");
        Assert.Contains("'unreadable'", meter.Read(1).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_rapl_says_so()
    {
        Assert.Empty(new RaplMeters(root.FullName).Find(out var absent));
        Assert.Contains("does not offer RAPL", absent, StringComparison.Ordinal);
    }

    [Fact]
    public void Hwmon_multiplies_the_rails_of_an_ina3221()
    {
        Write("class/hwmon/hwmon3/name", "ina3221");
        Write("class/hwmon/hwmon3/in1_label", "VDD_GPU_SOC");
        Write("class/hwmon/hwmon3/in1_input", "19000");
        Write("class/hwmon/hwmon3/curr1_input", "250");
        Write("class/hwmon/hwmon4/name", "board");
        Write("class/hwmon/hwmon4/energy2_input", "5000000");
        Write("class/hwmon/hwmon4/power1_input", "1500000");
        var meters = new HwmonMeters(root.FullName).Find(out _);
        Assert.Equal(["hwmon:ina3221:VDD_GPU_SOC", "hwmon:board:channel 1", "hwmon:board:channel 2"],
            meters.Select(meter => meter.Card.Id));
        Assert.Equal((4.75, 1.5, 5), (Math.Round(meters[0].Read(0).Watts!.Value, 9), meters[1].Read(0).Watts!.Value,
            meters[2].Read(0).Joules!.Value));
    }

    [Theory]
    [InlineData("Discharging", 12.0)]
    [InlineData("Charging", null)]
    [InlineData("Full", null)]
    public void A_battery_counts_only_while_it_discharges(string status, double? watts)
    {
        Write("class/power_supply/AC/type", "Mains");
        Write("class/power_supply/BAT0/type", "Battery");
        Write("class/power_supply/BAT0/status", status);
        Write("class/power_supply/BAT0/current_now", "-1000000");
        Write("class/power_supply/BAT0/voltage_now", "12000000");
        var sample = Assert.Single(new BatteryMeters(root.FullName).Find(out _)).Read(0);
        Assert.Equal(watts, sample.Watts);
        Assert.Equal(watts is null, sample.Reason?.Contains("unplug", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("  AC powered: false\n  USB powered: false\n  status: 3\n  voltage: 4000\n", 2.0, null)]
    [InlineData("  AC powered: false\n  USB powered: true\n  status: 2\n  voltage: 4000\n", null, "USB powered: true")]
    [InlineData("  AC powered: false\n  status: 5\n  voltage: 4000\n", null, "not 3")]
    [InlineData("nonsense", null, "not 3")]
    public void A_phone_counts_only_while_nothing_feeds_it(string dump, double? watts, string? reason)
    {
        using var meter = new AndroidBattery(() => dump, () => "-500000\n");
        var sample = meter.Read(0);
        Assert.Equal(watts, sample.Watts);
        if (reason is not null) Assert.Contains(reason, sample.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_external_meter_adds_every_sample_of_its_line()
    {
        using var line = new Line("ack\r\n6409-07\r\n1000-05\r\n12");
        using var meter = new Lpm01aMeter(line, volts: 3.0, hertz: 1000);
        // 640.9 µA and 10 mA at 3 V for a millisecond each; the unfinished line waits.
        Assert.Equal((6.409e-4 + 1e-2) * 3e-3, meter.Read(0).Joules!.Value, 1e-12);
        line.Send("34-05\r\n");
        Assert.Equal((6.409e-4 + 1e-2 + 1.234e-2) * 3e-3, meter.Read(1).Joules!.Value, 1e-12);
        line.Send("Overcurrent detected\r\n");
        Assert.Contains("Overcurrent", meter.Read(2).Reason, StringComparison.Ordinal);
        Assert.Contains("volt 3000m\r\nfreq 1000\r\nacqtime inf\r\nstart", line.Written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_nvidias_library_says_so()
    {
        Assert.Empty(new NvmlMeters("libharness-absent.so").Find(out var absent));
        Assert.Contains("no NVIDIA driver", absent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("supported", 4.0, null, "total energy")]
    [InlineData("unsupported", null, 150.0, "power integrated")]
    [InlineData("broken", null, null, "power integrated")]
    public void Nvml_takes_total_energy_else_power_else_the_reason(string kind, double? joules, double? watts, string scope)
    {
        var meter = Assert.Single(new NvmlMeters(FakeNvml(kind)).Find(out _));
        var sample = meter.Read(0);
        Assert.Equal((joules, watts), (sample.Joules, sample.Watts));
        Assert.Contains(scope, meter.Card.Scope, StringComparison.Ordinal);
        Assert.Equal(700, meter.Card.MaximumWatts);
        if (kind == "broken") Assert.Contains("PowerUsage answers 999", sample.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nvml_without_its_driver_says_what_init_answers()
    {
        Assert.Empty(new NvmlMeters(FakeNvml("absent")).Find(out var absent));
        Assert.Contains("nvmlInit_v2 answers 9", absent, StringComparison.Ordinal);
    }

    // The library is compiled here, so that the very calls of the meter run: its exported names, its calling convention, its codes.
    string FakeNvml(string kind)
    {
        var compiler = new[] { "cc", "gcc", "tcc" }.FirstOrDefault(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, name))));
        if (compiler is null) Assert.Skip("no C compiler (cc, gcc or tcc) to build a fake NVML with");
        var source = Path.Combine(root.FullName, $"nvml-{kind}.c");
        File.WriteAllText(source, $$"""
            int nvmlInit_v2(void) { return {{(kind == "absent" ? 9 : 0)}}; }
            int nvmlDeviceGetCount_v2(unsigned *count) { *count = 1; return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = (void *)1; return 0; }
            int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *millijoules)
            { *millijoules = 4000; return {{(kind == "supported" ? 0 : 3)}}; }
            int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts)
            { *milliwatts = 150000; return {{(kind == "broken" ? 999 : 0)}}; }
            int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) { *milliwatts = 350000; return 0; }
            """);
        var library = Path.ChangeExtension(source, ".so");
        using var build = Process.Start(compiler, ["-shared", "-o", library, source]);
        build.WaitForExit();
        Assert.Equal(0, build.ExitCode);
        return library;
    }

    void Write(string path, string content)
    {
        var file = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content + "\n");
    }

    /// <summary>A serial line whose far end is a script.</summary>
    sealed class Line(string first) : MemoryStream
    {
        readonly Queue<byte> coming = new(Encoding.ASCII.GetBytes(first));
        readonly StringBuilder written = new();

        public string Written => written.ToString();
        public void Send(string text)
        {
            foreach (var one in Encoding.ASCII.GetBytes(text)) coming.Enqueue(one);
        }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, coming.Count);
            for (var i = 0; i < count; i++) buffer[i] = coming.Dequeue();
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Write(ReadOnlySpan<byte> buffer) => written.Append(Encoding.ASCII.GetString(buffer));
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
