using System.CommandLine;
using Harness.Queue;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Serving;

namespace Harness.Cli.Fleet;

/// <summary>Runs the authority of a fleet on this machine.</summary>
static class CoordinatorCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("coordinator", "Run the coordinator of a fleet of devices (docs/fleet.md).");
        command.Subcommands.Add(Up(settings));
        return command;
    }

    static Command Up(Settings settings)
    {
        var access = new FleetAccess();
        var port = new Option<int>("--port") { DefaultValueFactory = _ => 4270, Description = "Port that devices call." };
        var host = new Option<string>("--listen") { DefaultValueFactory = _ => "127.0.0.1",
            Description = "Address to listen on; 0.0.0.0 is every one." };
        var names = new Option<string[]>("--name") { Description = "Host name or address that devices reach this machine by; repeatable." };
        var plain = new Option<bool>("--plain") { Description = "Without TLS; only on a loopback address." };
        var program = new Option<string>("--nats-server") { DefaultValueFactory = _ => "nats-server", Description = "The server program." };
        var lease = new Option<double>("--lease") { DefaultValueFactory = _ => QueueRules.Default.Lease.TotalSeconds,
            Description = "Seconds without a word after which another device gets the job." };
        var metrics = new Option<int>("--metrics") { DefaultValueFactory = _ => 4271,
            Description = "Loopback port of GET /metrics; 0 serves none." };
        var existing = new Option<string?>("--url") { Description =
            "A NATS cluster that runs already, tls://HOST:PORT, instead of a child; its "
            + "administrator includes users.conf of the folder (docs/fleet.md)." };
        var authority = new Option<string?>("--authority") { Description =
            "SHA-256 of the certificate that the cluster's certificates come from." };
        var embedded = new Option<bool>("--embedded") { Description =
            "Without a broker: jobs in a file of the folder, devices of this machine over a socket there." };
        var command = new Command("up", "Start the server and the coordinator; ends with Ctrl-C.")
        { access.Folder, port, host, names, plain, program, lease, metrics, existing, authority, embedded };
        command.SetAction(async (parsed, cancellation) =>
        {
            var terminal = settings.Terminal;
            ServerCollector.Adopt(terminal);
            var folder = access.FolderOf(parsed);
            var options = new FleetCoordinatorOptions(folder)
            {
                Program = parsed.GetValue(program)!, Host = parsed.GetValue(host)!, Port = parsed.GetValue(port),
                Plain = parsed.GetValue(plain), Names = parsed.GetValue(names) ?? [],
                Existing = parsed.GetValue(existing) is { } url
                    ? new(url, parsed.GetValue(authority) ?? Queue.Nats.Keys.EnrolmentToken.Plain) : null,
                Embedded = parsed.GetValue(embedded),
                Rules = QueueRules.Default with { Lease = Seconds(parsed.GetValue(lease)) },
            };
            await using var coordinator = await FleetCoordinator.StartAsync(options, TimeProvider.System, terminal.Say, cancellation);
            await using var endpoint = parsed.GetValue(metrics) is > 0 and var chosen
                ? new MetricsEndpoint(coordinator.Coordinator, chosen) : null;
            if (endpoint is not null) terminal.Say($"metrics at {endpoint.Url}");
            terminal.Say($"coordinator ready at {coordinator.Address.Url}, folder {folder.FullName}");
            terminal.Say("enrol a device:  harness device token --class cpu   then on the device:  harness agent --coordinator "
                + $"{coordinator.Address.Url} --token TOKEN --name NAME --state FOLDER");
            try { await Task.Delay(Timeout.Infinite, cancellation); }
            catch (OperationCanceledException) { terminal.Say("coordinator ends"); }
            return ExitCodes.Ok;
        });
        return command;
    }

    static TimeSpan Seconds(double seconds) => seconds is >= 1 and <= 86400 ? TimeSpan.FromSeconds(seconds)
        : throw new HarnessException($"A lease of {seconds} s is out of range: 1 to 86400 are allowed.");
}
