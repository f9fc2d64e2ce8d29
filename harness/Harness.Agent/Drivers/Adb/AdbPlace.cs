using Harness.Agent.Drivers.Far;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Adb;

/// <summary>Starts workers on a phone.</summary>
sealed class AdbPlace(AdbOptions phone) : IFarPlace
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    // Emulators of processors lose track of code that .NET maps twice, and crash in the first garbage collection.
    const string WithoutDoubleMapping = "DOTNET_EnableWriteXorExecute=0";

    readonly AdbServer server = new(phone.Host, phone.Port);

    AdbShell Shell => new(server, phone.Serial);

    public string Cache => $"{phone.Folder}/cache";

    string Program => $"{phone.Folder}/{phone.Program.Name}";

    public async Task<IWorkerChannel> StartAsync(RunRequest request, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var before = await PhoneConditions.ReadAsync(Shell, cancellation);
        return await FarWorker.StartAsync(Shell, phone.Folder, $"OMP_NUM_THREADS={request.Threads} {WithoutDoubleMapping}",
            $"exec {Program} worker", token => ReadAsync(before, token), cancellation);
    }

    public async Task<DeviceCard> DescribeAsync(CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var answer = await Shell.TryAsync(
            $"cd {FarShell.Quote(phone.Folder)} && export {WithoutDoubleMapping} && exec {Program} describe", cancellation);
        var own = PrintedCard.Read(answer.Output, answer.Code, answer.Error, $"{Program} describe");
        return await PhoneInventory.ReadAsync(Shell, phone.Serial, own, cancellation);
    }

    // A cable that hangs must not hold the agent for ever.
    async Task PrepareAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try { await LayOutAsync(both.Token); }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new HarnessException($"The phone {phone.Serial} did not take the worker and its data within " +
                $"{Patience.TotalMinutes:0} minutes.");
        }
    }

    async Task LayOutAsync(CancellationToken cancellation)
    {
        await CheckAsync(cancellation);
        await Shell.RunAsync($"mkdir -p {FarShell.Quote(Cache)}", cancellation);
        await Shell.PushAsync(phone.Program, Program, cancellation);
        foreach (var file in phone.Data?.EnumerateFiles("*", SearchOption.AllDirectories) ?? [])
        {
            var path = $"{Cache}/{Path.GetRelativePath(phone.Data!.FullName, file.FullName)}";
            await Shell.RunAsync($"mkdir -p {FarShell.Quote(path[..path.LastIndexOf('/')])}", cancellation);
            await Shell.PushAsync(file, path, cancellation);
        }
    }

    async Task CheckAsync(CancellationToken cancellation)
    {
        if (phone.Folder.Any(c => !char.IsAsciiLetterOrDigit(c) && !"/._-".Contains(c)) || !phone.Folder.StartsWith('/'))
            throw new HarnessException($"The folder on the phone is '{phone.Folder}'; allowed are absolute paths of letters, digits and " +
                "/._-.");
        var devices = await server.DevicesAsync(cancellation);
        var state = devices.FirstOrDefault(device => device.Serial == phone.Serial)?.State;
        if (state is null)
            throw new HarnessException($"adb knows no device '{phone.Serial}', it knows " + (devices.Count == 0 ? "none"
                : string.Join(", ", devices.Select(device => device.Serial))) + ": plug it in, or `adb connect` it.");
        if (state != "device")
            throw new HarnessException($"The phone {phone.Serial} is '{state}' and takes no commands; " +
                $"{(state == "unauthorized" ? "confirm the key on its screen." : "it must be 'device'.")}");
        if (!(await server.FeaturesAsync(phone.Serial, cancellation)).Contains(AdbShell.Feature, StringComparer.Ordinal))
            throw new HarnessException($"The phone {phone.Serial} does not offer {AdbShell.Feature}, which keeps the worker's lines and " +
                "its log apart; Android 7 and later do.");
    }

    async Task<IReadOnlyList<Reading>> ReadAsync(IReadOnlyList<Reading> before, CancellationToken cancellation)
    {
        try { return [.. before, .. PhoneConditions.After(await PhoneConditions.ReadAsync(Shell, cancellation))]; }
        catch (Exception error) when (error is HarnessException or IOException or OperationCanceledException)
        {
            return [.. before, new(Measuring.Quantities.BatteryAfter.Id, null, $"The phone did not answer after the run: {error.Message}")];
        }
    }
}
