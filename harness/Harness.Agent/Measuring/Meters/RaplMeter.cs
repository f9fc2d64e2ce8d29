namespace Harness.Agent.Measuring.Meters;

/// <summary>
/// Running average power limit counters of Intel and AMD processors through powercap: <c>class/powercap/intel-rapl:N/energy_uj</c>, which
/// wraps at <c>max_energy_range_uj</c>. Package domains only: core and uncore are inside them; DRAM is a domain of its own where present.
/// </summary>
public sealed class RaplMeters(string sysfs) : IMeterKind
{
    // Intel SDM vol. 3B, 15.10: the counters are updated about every millisecond.
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1);

    public string Name => "rapl";

    public IReadOnlyList<IMeter> Find(out string? absent)
    {
        absent = null;
        var folder = Path.Combine(sysfs, "class", "powercap");
        var domains = SystemFiles.Folders(folder, "intel-rapl:*").Where(domain => Path.GetFileName(domain).Count(c => c == ':') == 1);
        var meters = new List<IMeter>();
        foreach (var domain in domains)
            if (MeterOrNull(domain, ref absent) is { } meter) meters.Add(meter);
        if (meters.Count == 0) absent ??= $"{folder} has no intel-rapl domain: this processor or virtual machine does not offer RAPL";
        return meters;
    }

    static SysfsCounter? MeterOrNull(string domain, ref string? absent)
    {
        var name = SystemFiles.Text(Path.Combine(domain, "name"), out var reason);
        var range = SystemFiles.Number(Path.Combine(domain, "max_energy_range_uj"), out reason);
        if (name is null || range is not > 0 || SystemFiles.Number(Path.Combine(domain, "energy_uj"), out reason) is null)
        {
            absent = reason ?? $"{domain} states no energy range";
            return null;
        }
        return new(new($"rapl:{name}", $"processor {name}", "E2", Period, "no published bound; 0.99 correlation with meters on Haswell "
            + "and later (Khan et al. 2018)") { WrapsAtJoules = range * 1e-6 }, Path.Combine(domain, "energy_uj"), 1e-6);
    }
}

/// <summary>A cumulative counter in a file.</summary>
public sealed class SysfsCounter(MeterCard card, string file, double unit) : IMeter
{
    public MeterCard Card => card;

    public MeterSample Read(double seconds) => SystemFiles.Number(file, out var reason) is { } value
        ? new(seconds, value * unit, null) : new(seconds, null, null, reason);

    public void Dispose() { }
}

/// <summary>A power that is the product of files, e.g. volts and amperes.</summary>
public sealed class SysfsPower(MeterCard card, IReadOnlyList<string> files, double unit, Func<string?>? obstacle = null) : IMeter
{
    public MeterCard Card => card;

    public MeterSample Read(double seconds)
    {
        if (obstacle?.Invoke() is { } why) return new(seconds, null, null, why);
        var product = unit;
        foreach (var file in files)
        {
            if (SystemFiles.Number(file, out var reason) is not { } value) return new(seconds, null, null, reason);
            product *= value;
        }
        return new(seconds, null, product);
    }

    public void Dispose() { }
}
