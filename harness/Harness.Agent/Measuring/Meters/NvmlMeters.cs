using System.Runtime.InteropServices;

namespace Harness.Agent.Measuring.Meters;

/// <summary>
/// GPUs through NVIDIA's management library: total energy (mJ, Volta and later), else power (mW), which is integrated. The library is
/// found at run time; without it there are simply no such meters, and the reason says so.
/// </summary>
/// <param name="library">Name or path; <c>libnvidia-ml.so.1</c> on a machine, a faithful fake in tests.</param>
public sealed unsafe class NvmlMeters(string library) : IMeterKind
{
    internal const int Success = 0, NotSupported = 3;
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    public string Name => "nvml";

    public IReadOnlyList<IMeter> Find(out string? absent)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            absent = $"library {library} was not found: there is no NVIDIA driver here";
            return [];
        }
        try { return Find(handle, out absent); }
        catch (EntryPointNotFoundException error)
        {
            absent = $"{library} lacks a function of NVML: {error.Message}";
            return [];
        }
    }

    static IReadOnlyList<IMeter> Find(nint handle, out string? absent)
    {
        absent = null;
        var initialise = (delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "nvmlInit_v2");
        if (initialise() is not Success and var code)
        {
            absent = $"nvmlInit_v2 answers {code}: the driver is not loaded, or does not fit the library";
            return [];
        }
        uint count = 0;
        var devices = (delegate* unmanaged<uint*, int>)NativeLibrary.GetExport(handle, "nvmlDeviceGetCount_v2");
        if (devices(&count) != Success || count == 0)
        {
            absent = "NVML sees no GPU";
            return [];
        }
        var find = (delegate* unmanaged<uint, nint*, int>)NativeLibrary.GetExport(handle, "nvmlDeviceGetHandleByIndex_v2");
        var meters = new List<IMeter>();
        for (uint index = 0; index < count; index++)
        {
            nint device = 0;
            if (find(index, &device) == Success) meters.Add(new Gpu(handle, device, (int)index));
        }
        return meters;
    }

    sealed class Gpu : IMeter
    {
        readonly nint _device;
        readonly delegate* unmanaged<nint, ulong*, int> _energy;
        readonly delegate* unmanaged<nint, uint*, int> _power;
        readonly bool _counts;

        public Gpu(nint library, nint device, int index)
        {
            _device = device;
            _energy = (delegate* unmanaged<nint, ulong*, int>)Function(library, "nvmlDeviceGetTotalEnergyConsumption");
            _power = (delegate* unmanaged<nint, uint*, int>)Function(library, "nvmlDeviceGetPowerUsage");
            ulong millijoules = 0;
            _counts = _energy != null && _energy(_device, &millijoules) == Success;
            uint limit = 0;
            var ask = (delegate* unmanaged<nint, uint*, int>)Function(library, "nvmlDeviceGetEnforcedPowerLimit");
            var limited = ask != null && ask(_device, &limit) == Success && limit > 0;
            Card = new($"nvml:{index}", _counts ? "GPU board, total energy" : "GPU board, power integrated", "E2", Period,
                "±5 W or ±5 %, by board (NVIDIA, nvidia-smi documentation)")
            {
                // Boards pass their limit for milliseconds; twice is more than any of them does for a sampling period.
                MaximumWatts = limited ? 2 * limit * 1e-3 : null,
            };
        }

        public MeterCard Card { get; }

        public MeterSample Read(double seconds)
        {
            ulong millijoules = 0;
            if (_counts)
                return _energy(_device, &millijoules) is var code and not Success ? Failed(seconds, "TotalEnergyConsumption", code)
                    : new(seconds, millijoules * 1e-3, null);
            uint milliwatts = 0;
            if (_power == null) return new(seconds, null, null, "this NVML has neither energy nor power");
            return _power(_device, &milliwatts) is var answer and not Success ? Failed(seconds, "PowerUsage", answer)
                : new(seconds, null, milliwatts * 1e-3);
        }

        public void Dispose() { }

        static MeterSample Failed(double seconds, string what, int code) => new(seconds, null, null, code == NotSupported
            ? $"nvmlDeviceGet{what} is not supported by this GPU" : $"nvmlDeviceGet{what} answers {code}");

        static void* Function(nint library, string name) =>
            NativeLibrary.TryGetExport(library, name, out var address) ? (void*)address : null;
    }
}
