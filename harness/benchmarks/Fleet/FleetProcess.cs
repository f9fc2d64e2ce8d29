using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Harness.Queue.Nats.Keys;

namespace Harness.Benchmarks.Fleet;

/// <summary>
/// Simulated agents in a process of their own, as they are on machines of their own: what they cost is told apart from what the coordinator
/// costs. The two processes speak in lines: the order, <c>ready</c>, <c>go</c>, and how many jobs were done for how much processor time.
/// </summary>
sealed class FleetProcess : IAsyncDisposable
{
    const string Mode = "queue-agents", Ready = "ready", Go = "go";
    const int ConnectingTogether = 100;

    readonly Process _process;

    FleetProcess(Process process) => _process = process;

    /// <summary>Returns when every agent is connected.</summary>
    public static async Task<FleetProcess> StartAsync(FleetOrder order)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Mode])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            // An agent does next to nothing when an answer comes: a second thread for it would only cost.
            Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1" },
        };
        var fleet = new FleetProcess(Process.Start(start)!);
        await fleet._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await fleet.HearAsync();
        return fleet;
    }

    public async Task<(int Done, TimeSpan Used)> ServeAsync()
    {
        await _process.StandardInput.WriteLineAsync(Go);
        var words = (await HearAsync()).Split(' ');
        return (int.Parse(words[0], CultureInfo.InvariantCulture), TimeSpan.FromMicroseconds(double.Parse(words[1],
            CultureInfo.InvariantCulture)));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    async Task<string> HearAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new HarnessException("The process of simulated agents ended; see above.");

    /// <summary>What the other process does.</summary>
    public static Command Create()
    {
        var command = new Command(Mode, "Simulated agents of the mode 'queue'.") { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            var order = JsonSerializer.Deserialize<FleetOrder>((await Console.In.ReadLineAsync(cancellation))!)!;
            var agents = order.Keys.Select((seed, number) => new LeanAgent(number, DeviceKey.FromSeed(seed), order)).ToList();
            foreach (var some in agents.Chunk(ConnectingTogether)) await Task.WhenAll(some.Select(agent => agent.ConnectAsync()));
            Console.WriteLine(Ready);
            await Console.In.ReadLineAsync(cancellation);
            var before = Environment.CpuUsage.TotalTime;
            var done = (await Task.WhenAll(agents.Select(agent => Task.Run(agent.ServeAsync)))).Sum();
            Console.WriteLine(FormattableString.Invariant($"{done} {(Environment.CpuUsage.TotalTime - before).TotalMicroseconds}"));
            return 0;
        });
        return command;
    }
}
