using Harness.Agent.Drivers.Far;

namespace Harness.Agent.Drivers.Adb;

/// <summary>The shell of a phone, over <c>shell,v2,raw:</c>, which keeps the two outputs apart and tells the exit code.</summary>
sealed class AdbShell(AdbServer server, string serial) : IFarShell
{
    public const string Feature = "shell_v2";

    public async Task<IFarCommand> StartAsync(string command, CancellationToken cancellation) =>
        new ShellSession(await server.OpenAsync(serial, $"shell,v2,raw:{command}", cancellation));

    public Task SendAsync(FileInfo file, string path, CancellationToken cancellation) =>
        new AdbFiles(server, serial).SendAsync(file, path, cancellation);
}
