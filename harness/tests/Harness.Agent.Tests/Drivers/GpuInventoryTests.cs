using System.Diagnostics;
using Harness.Agent.Drivers.Nvidia;

namespace Harness.Agent.Tests.Drivers;

public sealed class GpuInventoryTests : IDisposable
{
    readonly DirectoryInfo root = Directory.CreateTempSubdirectory("gpus");

    [Fact]
    public void Every_gpu_is_described_by_what_it_tells()
    {
        var facts = new GpuInventory(Fake("""
            int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
            int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *bytes) { bytes[0] = 80ull << 30; return 0; }
            int nvmlDeviceGetMaxClockInfo(void *device, int type, unsigned *mhz) { *mhz = type == 1 ? 1980 : 1; return 0; }
            int nvmlDeviceGetClockInfo(void *device, int type, unsigned *mhz) { *mhz = 345; return device == (void *)1 ? 0 : 3; }
            int nvmlSystemGetDriverVersion(char *text, unsigned length) { strncpy(text, "570.1", length); return 0; }
            """)).Read();

        Assert.Equal(["gpu 0", "gpu 1", "gpu driver"], facts.Keys);
        Assert.Equal("Fake 100, 81920 MiB, 1980 MHz at most, 345 MHz now, limit 350 W", facts["gpu 0"]);
        Assert.Equal("Fake 100, 81920 MiB, 1980 MHz at most, limit 350 W", facts["gpu 1"]);
        Assert.Equal("570.1", facts["gpu driver"]);
    }

    [Fact]
    public void A_library_that_tells_less_leaves_it_out() =>
        Assert.Equal("Fake 100, limit 350 W", Assert.Single(new GpuInventory(
            Fake("int nvmlDeviceGetCount_v2(unsigned *count) { *count = 1; return 0; }")).Read()).Value);

    [Fact]
    public void Without_the_library_there_are_no_gpus() => Assert.Empty(new GpuInventory("libharness-absent.so").Read());

    public void Dispose() => root.Delete(recursive: true);

    // Compiled here, so that the very calls run: exported names, calling convention, codes.
    string Fake(string functions)
    {
        var compiler = new[] { "cc", "gcc", "tcc" }.FirstOrDefault(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, name))));
        if (compiler is null) Assert.Skip("no C compiler (cc, gcc or tcc) to build a fake NVML with");
        var source = Path.Combine(root.FullName, "nvml.c");
        File.WriteAllText(source, $$"""
            #include <string.h>
            int nvmlInit_v2(void) { return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = (void *)(unsigned long)(index + 1); return 0; }
            int nvmlDeviceGetName(void *device, char *text, unsigned length) { strncpy(text, "Fake 100", length); return 0; }
            int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) { *milliwatts = 350000; return 0; }
            {{functions}}
            """);
        var library = Path.ChangeExtension(source, ".so");
        using var build = Process.Start(compiler, ["-shared", "-o", library, source]);
        build.WaitForExit();
        Assert.Equal(0, build.ExitCode);
        return library;
    }
}
