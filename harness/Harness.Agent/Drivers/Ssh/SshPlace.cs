using Harness.Agent.Drivers.Far;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Ssh;

/// <summary>Starts workers on a host.</summary>
sealed class SshPlace(SshOptions host) : IFarPlace
{
    const string WithoutDoubleMapping = "DOTNET_EnableWriteXorExecute=0";

    readonly SshShell shell = new(host);

    public string Cache => $"{host.Folder}/cache";

    string Program => $"{host.Launcher} {FarShell.Quote($"{host.Folder}/{host.Program.Name}")}".TrimStart();

    public async Task<IWorkerChannel> StartAsync(RunRequest request, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        return await FarWorker.StartAsync(shell, host.Folder, $"OMP_NUM_THREADS={request.Threads} {Environment}",
            $"{Program} worker; exit $?", _ => Task.FromResult<IReadOnlyList<Reading>>([]), cancellation);
    }

    public async Task<DeviceCard> DescribeAsync(CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var answer = await shell.TryAsync($"export {Environment} && exec {Program} describe", cancellation);
        return PrintedCard.Read(answer.Output, answer.Code ?? -1, answer.Error, $"{Program} describe on {host.Host}");
    }

    string Environment => $"{WithoutDoubleMapping} {host.Environment}".TrimEnd();

    async Task PrepareAsync(CancellationToken cancellation)
    {
        if (!host.Folder.StartsWith('/') || host.Folder.Contains('"') || host.Folder.Contains('\n'))
            throw new HarnessException($"The folder on {host.Host} is '{host.Folder}'; allowed are absolute paths without quotes.");
        if (host.Host.StartsWith('-')) throw new HarnessException($"'{host.Host}' is no host; give a name or user@host.");
        await shell.RunAsync($"mkdir -p {FarShell.Quote(Cache)}", cancellation);
        await shell.PushAsync(host.Program, $"{host.Folder}/{host.Program.Name}", cancellation);
    }
}
