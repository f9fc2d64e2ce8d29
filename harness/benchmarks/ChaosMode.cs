using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Harness.Cli;
using Harness.Queue.Tests.Chaos;

namespace Harness.Benchmarks;

/// <summary>
/// <c>chaos [--seed 1] [--jobs 1000] [--agents 8]</c>: a whole fleet over a real nats-server while agents, server and coordinator are
/// killed,
/// requests lost, repeated, delayed and cut, disks full and clocks jumping. The faults follow from the seed.
/// </summary>
static class ChaosMode
{
    public static Command Create()
    {
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "Decides the faults." };
        var jobs = new Option<int>("--jobs") { DefaultValueFactory = _ => 1000 };
        var agents = new Option<int>("--agents") { DefaultValueFactory = _ => 8 };
        var disk = new Option<DirectoryInfo?>("--disk")
        {
            Description = "A folder that a small disk is mounted on, of at most 64 MiB: it will be filled again and again.",
        };
        var command = new Command("chaos", "Let everything go wrong and check that every job ends exactly once.")
        {
            seed, jobs, agents, disk,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var terminal = Terminal.Standard;
            terminal.Say($"seed {parsed.GetValue(seed)}: "
                + new ChaosScript(parsed.GetValue(seed), parsed.GetValue(jobs), parsed.GetValue(agents)));
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            var report = await ChaosFleet.RunAsync("nats-server", port, parsed.GetValue(seed), parsed.GetValue(jobs),
                parsed.GetValue(agents), parsed.GetValue(disk) is { } folder ? new SmallDisk(folder) : null, cancellation);
            terminal.Say($"seed {report.Seed}: {report.Jobs} jobs, {report.Results} results, {report.Lost} leases lost, "
                + $"{report.Released} given back, {report.Stale} stale attempts, {report.Took.TotalSeconds:0.0} s");
            foreach (var problem in report.Problems) terminal.Fail(problem);
            return report.Problems.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
