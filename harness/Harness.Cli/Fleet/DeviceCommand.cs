using System.CommandLine;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;

namespace Harness.Cli.Fleet;

/// <summary>Shows and steers the devices of a fleet.</summary>
static class DeviceCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("device", "Show and steer the devices of a fleet (docs/fleet.md).");
        command.Subcommands.Add(Token(settings));
        return command;
    }

    static Command Token(Settings settings)
    {
        var access = new FleetAccess();
        var deviceClass = new Option<string>("--class") { DefaultValueFactory = _ => Devices.LocalClass,
            Description = "Class of the device." };
        var hours = new Option<double>("--hours") { DefaultValueFactory = _ => 24, Description = "How long the token may be used." };
        var command = new Command("token", "Make a token that enrols one device, once.") { access.Folder, deviceClass, hours };
        command.Aliases.Add("enrol");
        command.SetAction(async (parsed, cancellation) =>
        {
            var operators = access.Open(parsed);
            await using var link = operators.Connect();
            var token = await FleetCoordinator.TokenAsync(link, operators.Authority,
                DeviceRegistry.CheckName(parsed.GetValue(deviceClass)!),
                TimeSpan.FromHours(parsed.GetValue(hours)), cancellation);
            settings.Terminal.Say($"token {token.Hash} for class {parsed.GetValue(deviceClass)}; on the device: "
                + "harness agent --coordinator "
                + $"{operators.Url} --name NAME --state FOLDER --token TOKEN");
            settings.Terminal.Data.WriteLine(token.Text);
            return ExitCodes.Ok;
        });
        return command;
    }
}
