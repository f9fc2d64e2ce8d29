using System.CommandLine;
using Harness.Agent.Running;
using Harness.Agent.Serving;
using Harness.Queue;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;

namespace Harness.Cli.Fleet;

/// <summary>Serves a fleet with a device that is on or beside this machine.</summary>
static class AgentCommand
{
    public static Command Create(Settings settings)
    {
        var url = new Option<string?>("--coordinator") { Description = "Address of the coordinator, tls://HOST:PORT; needed once." };
        var token = new Option<string?>("--token") { Description = "What `harness device token` printed; needed once." };
        var name = new Option<string?>("--name") { Description = "Name of this device in the fleet: lower-case letters, digits, dashes." };
        var state = new Option<DirectoryInfo>("--state") { Required = true,
            Description = "Folder of this agent: its key and its unconfirmed results." };
        var driver = new Option<string>("--driver") { DefaultValueFactory = _ => "local",
            Description = $"How the device is reached: {string.Join(", ", Devices.Drivers.Keys)}." };
        var driverOptions = new Option<string[]>("--set") { Description = "A setting of the driver, NAME=VALUE; repeatable." };
        var jobs = new Option<int?>("--jobs") { Description = "End after this many jobs." };
        var command = new Command("agent", "Serve a fleet with a device (docs/fleet.md).") { url, token, name, state, driver,
            driverOptions, jobs };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var folder = parsed.GetValue(state)!;
            var settingsOfDriver = SettingsOf(parsed.GetValue(driverOptions) ?? []);
            var chosen = Devices.Driver(parsed.GetValue(driver)!);
            await using var device = chosen.Open(workspace, settingsOfDriver, null, []);
            var enrolment = await Enrolling.OpenAsync(folder, parsed.GetValue(url), parsed.GetValue(token), parsed.GetValue(name),
                () => device.DescribeAsync(cancellation), cancellation);
            var key = Enrolling.KeyIn(folder);
            await using var link = FleetLinks.ForDevice(new(parsed.GetValue(url) ?? enrolment.Url, enrolment.Authority), key,
                enrolment.Name);
            workspace.Terminal.Say($"device {enrolment.Name} of class {enrolment.Class} serves {enrolment.Url}");
            var parts = new AgentParts(link, key, device,
                (job, bundle) => chosen.Open(workspace, settingsOfDriver, job, bundle), folder, parsed.GetValue(driver)!, Origin.Version,
                TimeProvider.System, workspace.Terminal.Say)
            {
                Gates = Devices.Gates, MostJobs = parsed.GetValue(jobs),
            };
            var end = await new FleetAgent(parts).RunAsync(cancellation);
            workspace.Terminal.Say($"device {enrolment.Name} ends: {end}");
            return end == AgentEnd.Revoked ? ExitCodes.Infrastructure : ExitCodes.Ok;
        });
        return command;
    }

    static Dictionary<string, string> SettingsOf(string[] texts) => texts.Select(text => text.Split('=', 2)).ToDictionary(
        parts => parts.Length == 2 ? parts[0] : throw new HarnessException($"--set '{parts[0]}' has no value: write NAME=VALUE."),
        parts => parts[1], StringComparer.Ordinal);
}
