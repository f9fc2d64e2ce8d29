namespace Harness.Agent.Measuring.Meters;

/// <summary>The energy meter interface of Windows needs a driver that only Windows has; elsewhere it is absent, and this says so.</summary>
public sealed class WindowsEmi : IMeterKind
{
    public string Name => "emi";

    public IReadOnlyList<IMeter> Find(out string? absent)
    {
        absent = OperatingSystem.IsWindows()
            ? "the energy meter interface of Windows is not read by this version; use an external meter"
            : "the energy meter interface exists on Windows only";
        return [];
    }
}
