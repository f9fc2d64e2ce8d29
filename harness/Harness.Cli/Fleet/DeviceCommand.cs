using System.CommandLine;
using System.Globalization;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;

namespace Harness.Cli.Fleet;

/// <summary>Shows and steers the devices of a fleet.</summary>
static class DeviceCommand
{
    static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1), HealthPeriod = TimeSpan.FromMilliseconds(300);

    public static Command Create(Settings settings)
    {
        var command = new Command("device", "Show and steer the devices of a fleet (docs/fleet.md).");
        command.Subcommands.Add(Enrol(settings, "token"));
        command.Subcommands.Add(Enrol(settings, "enrol"));
        command.Subcommands.Add(List(settings));
        command.Subcommands.Add(Health(settings));
        command.Subcommands.Add(Named(settings, "quarantine", "Give a device no more jobs.", off: "Let it have jobs again."));
        command.Subcommands.Add(Named(settings, "drain", "Let a device finish its job and take no other.", off: "Let it take jobs again."));
        command.Subcommands.Add(Named(settings, "revoke", "Refuse a device's key from now on, for good.", off: null));
        command.Subcommands.Add(Logs(settings));
        return command;
    }

    static Command Enrol(Settings settings, string word)
    {
        var access = new FleetAccess();
        var deviceClass = new Option<string>("--class") { DefaultValueFactory = _ => Devices.LocalClass, Description = "Its class." };
        var hours = new Option<double>("--hours") { DefaultValueFactory = _ => 24, Description = "How long the token may be used." };
        var command = new Command(word, "Make a token that enrols one device, once.") { access.Folder, deviceClass, hours };
        command.SetAction(async (parsed, cancellation) =>
        {
            var operators = access.Open(parsed);
            await using var link = operators.Connect();
            var token = await FleetCoordinator.TokenAsync(link, operators.Authority,
                DeviceRegistry.CheckName(parsed.GetValue(deviceClass)!),
                TimeSpan.FromHours(parsed.GetValue(hours)), cancellation);
            settings.Terminal.Say($"token {token.Hash} for class {parsed.GetValue(deviceClass)}; on the device: "
                + $"harness agent --coordinator {operators.Url} --name NAME --state FOLDER --token TOKEN");
            settings.Terminal.Data.WriteLine(token.Text);
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command List(Settings settings)
    {
        var access = new FleetAccess();
        var watch = new Option<bool>("--watch") { Description = "Print it again every second, until Ctrl-C." };
        var command = new Command("list", "List devices with what they do, and how many jobs wait.") { access.Folder, watch };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            await using var link = access.Open(parsed).Connect();
            while (true)
            {
                var fleet = await link.AskAsync<Done, FleetAnswer>("fleet", new(true), cancellation);
                if (parsed.GetValue(watch) && workspace.Terminal.Interactive) workspace.Terminal.Data.Write("\u001b[H\u001b[2J");
                Print(workspace, fleet);
                if (!parsed.GetValue(watch)) return ExitCodes.Ok;
                await Task.Delay(WatchPeriod, cancellation);
            }
        });
        return command;
    }

    static void Print(Workspace workspace, FleetAnswer fleet)
    {
        if (workspace.Json)
        {
            workspace.Terminal.Json(new { At = TimeProvider.System.GetUtcNow(), fleet.Devices, fleet.Depths, fleet.Counts });
            return;
        }
        workspace.Terminal.Table(["device", "class", "state", "driver", "job", "°C", "battery", "clock offset", "note"],
            [.. fleet.Devices.Select(Row)]);
        foreach (var depth in fleet.Depths)
            workspace.Terminal.Say($"class {depth.Class}: {depth.Waiting} jobs wait, {depth.Leased} are leased");
        var refused = fleet.Counts.Where(count => count.Key.StartsWith("refused:", StringComparison.Ordinal)).Sum(count => count.Value);
        workspace.Terminal.Say($"{fleet.Devices.Count} devices; since the start {fleet.Counts.GetValueOrDefault("accepted")} results, "
            + $"{fleet.Counts.GetValueOrDefault("stale")} stale attempts, {refused} refused requests");
    }

    static IReadOnlyList<string> Row(DeviceStatus status) =>
    [
        status.Device.Name, status.Device.Class, FleetJournal.Word(status.State) + (status.Device.Draining ? ", draining" : ""),
        status.Device.Driver ?? "–", status.Job?[..8] ?? "–", Number(status.Celsius, "0.#"), Number(status.BatteryPercent, "0'%'"),
        status.Device.Clock is { } clock ? $"{1000 * clock.Seconds:0.0} ± {1000 * clock.Uncertainty:0.0} ms" : "–",
        status.Device.Quarantine ?? status.Note ?? "",
    ];

    static string Number(double? value, string form) => value?.ToString(form, CultureInfo.InvariantCulture) ?? "–";

    static Command Health(Settings settings)
    {
        var access = new FleetAccess();
        var name = new Argument<string>("device") { Description = "Its name." };
        var wait = new Option<double>("--wait") { DefaultValueFactory = _ => 60, Description = "Seconds to wait for the device." };
        var command = new Command("health", "Let a device compute the golden workload between two jobs, and print what came of it.")
        { name, access.Folder, wait };
        command.SetAction(async (parsed, cancellation) =>
        {
            var device = parsed.GetValue(name)!;
            await using var link = access.Open(parsed).Connect();
            var before = (await StatusAsync(link, device, cancellation)).Device.Health;
            await link.AskAsync<NameRequest, LinesAnswer>("health", new(device), cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(wait)));
            var health = await ChangedAsync(link, device, before, limit.Token, cancellation);
            settings.Terminal.Say(health.Passed ? $"{device} computes right; the canary took {health.CanarySeconds:0.000} s"
                + (before is { Passed: true } ? $", {health.CanarySeconds / before.CanarySeconds:0.00} times the last one" : "")
                    : health.Reason!);
            return health.Passed ? ExitCodes.Ok : ExitCodes.VerificationFailed;
        });
        return command;
    }

    static async Task<HealthReport> ChangedAsync(IFleetLink link, string device, HealthReport? before, CancellationToken limit,
        CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if ((await StatusAsync(link, device, limit)).Device.Health is { } health && health != before) return health;
                await Task.Delay(HealthPeriod, limit);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HarnessException($"The device '{device}' did not answer in time; it checks itself between two jobs. "
                + "Wait longer with --wait.");
        }
    }

    static async Task<DeviceStatus> StatusAsync(IFleetLink link, string device, CancellationToken cancellation)
    {
        var fleet = await link.AskAsync<Done, FleetAnswer>("fleet", new(true), cancellation);
        var names = fleet.Devices.Select(status => status.Device.Name).DefaultIfEmpty("none");
        return fleet.Devices.FirstOrDefault(status => status.Device.Name == device)
            ?? throw new HarnessException($"There is no device '{device}'; enrolled are {string.Join(", ", names)}.");
    }

    static Command Named(Settings settings, string verb, string summary, string? off)
    {
        var access = new FleetAccess();
        var name = new Argument<string>("device") { Description = "Its name." };
        var reason = new Option<string?>("--reason") { Description = "Why, for the log." };
        var end = new Option<bool>("--off") { Description = off, Hidden = off is null };
        var command = new Command(verb, summary) { name, access.Folder, reason, end };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var link = access.Open(parsed).Connect();
            var device = parsed.GetValue(name)!;
            await link.AskAsync<NameRequest,
                LinesAnswer>(verb, new(device, parsed.GetValue(reason), Off: parsed.GetValue(end)), cancellation);
            settings.Terminal.Say($"{device}: {verb}{(parsed.GetValue(end) ? " ended" : "")}");
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Logs(Settings settings)
    {
        var access = new FleetAccess();
        var name = new Argument<string>("device") { Description = "Its name." };
        var lines = new Option<int>("--lines", "-n") { DefaultValueFactory = _ => 50, Description = "How many of the last lines." };
        var command = new Command("logs", "Print what the coordinator noted of a device, refusals included.") { name, access.Folder,
            lines };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var link = access.Open(parsed).Connect();
            var answer = await link.AskAsync<NameRequest,
                LinesAnswer>("logs", new(parsed.GetValue(name)!, Lines: parsed.GetValue(lines)), cancellation);
            foreach (var line in answer.Lines) settings.Terminal.Data.WriteLine(line);
            return ExitCodes.Ok;
        });
        return command;
    }
}
