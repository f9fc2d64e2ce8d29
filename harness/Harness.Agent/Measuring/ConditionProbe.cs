using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Measuring;

/// <summary>
/// Temperatures and the clock rate of the processor during the offline stage: what tells a device that was slow from one that was hot.
/// </summary>
/// <param name="sysfs"><c>/sys</c> on a machine and a faithful fake in tests.</param>
public sealed class ConditionProbe(string sysfs, TimeProvider time, TimeSpan period) : IProbe
{
    // Of a sensor without a value some drivers give 0 K, others their largest number.
    const double Coldest = -55, Hottest = 200;

    IReadOnlyList<SensorTrace> traces = [];

    public IReadOnlyList<MetricCard> Quantities { get; } =
        [Measuring.Quantities.TemperatureBefore, Measuring.Quantities.TemperatureHighest, Measuring.Quantities.Frequency];

    public IReadOnlyList<Reading> Around(Action work)
    {
        Sensor[] sensors = [.. Temperatures(), .. Frequencies()];
        if (sensors.Length == 0) work();
        else
        {
            using var watch = new Watch(time, period, seconds => { foreach (var sensor in sensors) sensor.Look(seconds()); });
            watch.During(work);
        }
        traces = [.. sensors.Select(sensor => Traces.Thinned(sensor.Trace))];
        return [.. Told(sensors, "temperature", Path.Combine(sysfs, "class", "thermal")), .. Told(sensors, "frequency",
            Path.Combine(sysfs, "devices", "system", "cpu"))];
    }

    public IReadOnlyList<SensorTrace> TakeTraces()
    {
        var taken = traces;
        traces = [];
        return taken;
    }

    static IEnumerable<Reading> Told(Sensor[] sensors, string quantity, string folder)
    {
        var found = sensors.Where(sensor => sensor.Quantity == quantity).ToList();
        string[] metrics = quantity == "frequency" ? [Measuring.Quantities.Frequency.Id]
            : [Measuring.Quantities.TemperatureBefore.Id, Measuring.Quantities.TemperatureHighest.Id];
        if (found.Count == 0) return metrics.Select(metric => new Reading(metric, null, $"{folder} has no sensor of {quantity}"));
        return found.SelectMany(sensor => metrics.Select(metric => sensor.Tell(metric)));
    }

    IEnumerable<Sensor> Temperatures() => SystemFiles.Folders(Path.Combine(sysfs, "class", "thermal"), "thermal_zone*").Select(zone =>
        new Sensor($"thermal:{SystemFiles.Text(Path.Combine(zone, "type"), out _) ?? Path.GetFileName(zone)}", "temperature", "°C",
            [Path.Combine(zone, "temp")], 1e-3, Coldest, Hottest));

    IEnumerable<Sensor> Frequencies()
    {
        string[] files = [.. SystemFiles.Folders(Path.Combine(sysfs, "devices", "system", "cpu"), "cpu*")
            .Select(cpu => Path.Combine(cpu, "cpufreq", "scaling_cur_freq")).Where(File.Exists)];
        if (files.Length > 0) yield return new("cpufreq", "frequency", "Hz", files, 1e3, 1, 1e11);
    }

    /// <summary>The mean of some files, in their unit times <paramref name="factor"/>.</summary>
    sealed class Sensor(string name, string quantity, string unit, string[] files, double factor, double least, double most)
    {
        readonly List<double> seconds = [];
        readonly List<double?> values = [];
        string? fault;

        public string Quantity => quantity;
        public SensorTrace Trace => new(name, quantity, unit, seconds, values);

        public void Look(double at)
        {
            var sum = 0.0;
            foreach (var file in files)
            {
                var value = SystemFiles.Number(file, out var reason) * factor;
                if (value is not null && (value < least || value > most)) (value, reason) = (null, $"{file} gives {value} {unit}");
                if (value is null) fault ??= reason;
                sum += value ?? double.NaN;
            }
            seconds.Add(at);
            values.Add(double.IsFinite(sum) ? sum / files.Length : null);
        }

        public Reading Tell(string metric)
        {
            var value = metric == Measuring.Quantities.TemperatureBefore.Id ? values[0]
                : metric == Measuring.Quantities.Frequency.Id ? values.Average() : values.Max();
            return new(metric, value, value is null ? fault : null) { Instrument = name };
        }
    }
}
