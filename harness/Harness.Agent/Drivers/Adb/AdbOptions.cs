namespace Harness.Agent.Drivers.Adb;

/// <summary>Which phone, through which adb server, and what is pushed to it.</summary>
/// <param name="Serial">As <c>adb devices</c> lists it.</param>
/// <param name="Program">The worker for the phone's processor: <c>harness-device</c>, built for a runtime that the phone has.</param>
public sealed record AdbOptions(string Serial, FileInfo Program)
{
    public string Host { get; init; } = "127.0.0.1";
    public int Port { get; init; } = 5037;
    /// <summary>Folder on the phone; <c>/data/local/tmp</c> is where a shell without root may run programs.</summary>
    public string Folder { get; init; } = "/data/local/tmp/harness";
    /// <summary>Files that are laid into the phone's cache before a trial, each unless the phone holds it; null is none.</summary>
    public DirectoryInfo? Data { get; init; }
}
