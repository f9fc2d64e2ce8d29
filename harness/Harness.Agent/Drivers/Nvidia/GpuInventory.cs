using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Drivers.Nvidia;

/// <summary>
/// What NVIDIA's management library says of the GPUs of this machine. It is found at run time; without it there are none. What a GPU or a
/// version of the library does not tell is left out.
/// </summary>
/// <param name="library">Name or path; <c>libnvidia-ml.so.1</c> on a machine, a faithful fake in tests.</param>
public sealed unsafe class GpuInventory(string library)
{
    const int NameBytes = 96;
    const int ClockOfMultiprocessors = 1;

    /// <summary>Facts for a device card, such as <c>gpu 0</c> and <c>gpu driver</c>; empty where there is no GPU.</summary>
    public IReadOnlyDictionary<string, string> Read()
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!NativeLibrary.TryLoad(library, out var handle)) return facts;
        var initialise = (delegate* unmanaged<int>)Function(handle, "nvmlInit_v2");
        var count = (delegate* unmanaged<uint*, int>)Function(handle, "nvmlDeviceGetCount_v2");
        var find = (delegate* unmanaged<uint, nint*, int>)Function(handle, "nvmlDeviceGetHandleByIndex_v2");
        if (initialise == null || count == null || find == null || initialise() != NvmlMeters.Success) return facts;
        uint gpus = 0;
        if (count(&gpus) != NvmlMeters.Success) return facts;
        for (uint index = 0; index < gpus; index++)
        {
            nint device = 0;
            if (find(index, &device) == NvmlMeters.Success) facts[$"gpu {index}"] = Describe(handle, device);
        }
        if (facts.Count > 0 && Driver(handle) is { } driver) facts["gpu driver"] = driver;
        return facts;
    }

    static string Describe(nint handle, nint device)
    {
        string?[] parts = [Name(handle, device), Memory(handle, device), Clock(handle, device, "nvmlDeviceGetMaxClockInfo", "at most"),
            Clock(handle, device, "nvmlDeviceGetClockInfo", "now"), Power(handle, device)];
        return string.Join(", ", parts.OfType<string>());
    }

    static string? Name(nint handle, nint device)
    {
        var ask = (delegate* unmanaged<nint, byte*, uint, int>)Function(handle, "nvmlDeviceGetName");
        var text = stackalloc byte[NameBytes];
        return ask != null && ask(device, text, NameBytes) == NvmlMeters.Success ? Text(text) : null;
    }

    static string? Driver(nint handle)
    {
        var ask = (delegate* unmanaged<byte*, uint, int>)Function(handle, "nvmlSystemGetDriverVersion");
        var text = stackalloc byte[NameBytes];
        return ask != null && ask(text, NameBytes) == NvmlMeters.Success ? Text(text) : null;
    }

    static string? Memory(nint handle, nint device)
    {
        var ask = (delegate* unmanaged<nint, ulong*, int>)Function(handle, "nvmlDeviceGetMemoryInfo");
        // nvmlMemory_t: total, free, used.
        var bytes = stackalloc ulong[3];
        return ask != null && ask(device, bytes) == NvmlMeters.Success
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes[0] >> 20} MiB")
            : null;
    }

    static string? Clock(nint handle, nint device, string function, string when)
    {
        var ask = (delegate* unmanaged<nint, int, uint*, int>)Function(handle, function);
        uint megahertz = 0;
        return ask != null && ask(device, ClockOfMultiprocessors, &megahertz) == NvmlMeters.Success
            ? string.Create(CultureInfo.InvariantCulture, $"{megahertz} MHz {when}")
            : null;
    }

    static string? Power(nint handle, nint device)
    {
        var ask = (delegate* unmanaged<nint, uint*, int>)Function(handle, "nvmlDeviceGetEnforcedPowerLimit");
        uint milliwatts = 0;
        return ask != null && ask(device, &milliwatts) == NvmlMeters.Success
            ? string.Create(CultureInfo.InvariantCulture, $"limit {milliwatts * 1e-3:0.#} W")
            : null;
    }

    static string Text(byte* text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    static void* Function(nint library, string name) =>
        NativeLibrary.TryGetExport(library, name, out var address) ? (void*)address : null;
}
