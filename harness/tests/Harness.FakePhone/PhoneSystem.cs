namespace Harness.FakePhone;

/// <summary>What a phone's own programs print, in the form Android 14 prints it.</summary>
static class PhoneSystem
{
    const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    const string Properties = $"""
        [ro.boot.qemu]: [1]
        [ro.board.platform]: [emulated]
        [ro.build.version.release]: [14]
        [ro.product.cpu.abi]: [arm64-v8a]
        [ro.product.manufacturer]: [Stand-in]
        [ro.product.model]: [{Commands.Model}]
        [ro.serialno]: [FAKE0123456789]
        [ro.soc.manufacturer]: [QEMU]
        [ro.soc.model]: [aarch64 user mode]
        """;

    const string Battery = """
        Current Battery Service state:
          AC powered: false
          USB powered: true
          Wireless powered: false
          Dock powered: false
          Max charging current: 500000
          Charge counter: 3562000
          status: 2
          health: 2
          present: true
          level: 84
          scale: 100
          voltage: 4123
          temperature: 287
          technology: Li-ion
        """;

    const string Heat = """
        IsStatusOverride: false
        Thermal Status: 0
        Cached temperatures:
        	Temperature{mValue=30.1, mType=3, mName=skin, mStatus=0}
        HAL Ready: true
        Current temperatures from HAL:
        	Temperature{mValue=38.5, mType=0, mName=CPU0, mStatus=0}
        	Temperature{mValue=31.25, mType=3, mName=skin, mStatus=0}
        Current cooling devices from HAL:
        	CoolingDevice{mValue=0, mType=2, mName=thermal-cpufreq-0}
        """;

    /// <summary>Writes the programs and the part of sysfs that a phone has and this machine has not.</summary>
    public static void Install(DirectoryInfo storage, string programs)
    {
        Directory.CreateDirectory(programs);
        Write(Path.Combine(programs, "getprop"), $"#!/bin/sh\ncat <<'END'\n{Properties}\nEND\n");
        Write(Path.Combine(programs, "dumpsys"),
            $"#!/bin/sh\ncase \"$1\" in\nbattery) cat <<'END'\n{Battery}\nEND\n;;\nthermalservice) cat <<'END'\n{Heat}\nEND\n;;\n" +
            "*) echo \"Can't find service: $1\"; exit 1;;\nesac\n");
        var policy = Path.Combine(storage.FullName, "sys", "devices", "system", "cpu", "cpufreq", "policy0");
        Directory.CreateDirectory(policy);
        File.WriteAllText(Path.Combine(policy, "scaling_governor"), "schedutil\n");
    }

    static void Write(string path, string script)
    {
        File.WriteAllText(path, script);
        File.SetUnixFileMode(path, Executable);
    }
}
