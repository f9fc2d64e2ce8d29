using Harness.Agent.Serving;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;
using Harness.Testing;

namespace Harness.Queue.Tests.Fleet;

/// <summary>
/// A coordinator with its TLS server in a folder of its own, and agents that enrol with it as those of other machines would.
/// </summary>
sealed class FleetHost : IAsyncDisposable
{
    readonly List<string> _journal = [];
    readonly FleetCoordinatorOptions _options;

    FleetHost(DirectoryInfo folder, FleetCoordinatorOptions options) => (Folder, _options) = (folder, options);

    public DirectoryInfo Folder { get; }
    public FleetCoordinator Fleet { get; private set; } = null!;
    public IFleetLink Operators { get; private set; } = null!;
    public Coordinator Coordinator => Fleet.Coordinator;
    public IReadOnlyDictionary<string, long> Counts => Coordinator.Parts.Journal.Counts;

    public IReadOnlyList<string> Journal { get { lock (_journal) return [.. _journal]; } }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FleetHost> StartAsync(QueueRules? rules = null)
    {
        var program = NatsFixture.Program;
        var folder = Directory.CreateTempSubdirectory("harness-fleet-");
        var host = new FleetHost(folder, new(new(Path.Combine(folder.FullName, "coordinator")))
        {
            Program = program, Port = NatsFixture.FreePort(), Rules = rules
                ?? QueueRules.Default with { BackOff = TimeSpan.FromMilliseconds(50) },
        });
        await host.OpenAsync();
        return host;
    }

    /// <summary>Ends the coordinator with its server and starts both again, on what lies in the folder.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task<EnrolmentToken> TokenAsync(string deviceClass = "cpu") =>
        await FleetCoordinator.TokenAsync(Operators, Fleet.Address.Authority, deviceClass, TimeSpan.FromHours(1), Cancellation);

    public DirectoryInfo StateOf(string name) => new(Path.Combine(Folder.FullName, "agents", name));

    public async Task<Enrolment> EnrolAsync(string name, string deviceClass = "cpu") =>
        await Enrolling.EnrolAsync(Fleet.Address, await TokenAsync(deviceClass), name, Samples.Card, StateOf(name), Cancellation);

    public NatsFleetLink LinkOf(string name, TimeSpan? patience = null)
    {
        var link = NatsFleetLink.ForDevice(Fleet.Address, Enrolling.KeyIn(StateOf(name)), name);
        link.Patience = patience ?? link.Patience;
        return link;
    }

    /// <summary>An agent that is enrolled, with a scripted device.</summary>
    public AgentParts Agent(string name, IDeviceAgent device, IFleetLink link) =>
        new(link, Enrolling.KeyIn(StateOf(name)), device, (_, _) => device, StateOf(name), "scripted", "1", TimeProvider.System, _ => { })
        {
            LeaseWait = TimeSpan.FromSeconds(2), IdlePause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(400),
        };

    public ValueTask<SubmitAnswer> SubmitAsync(params IReadOnlyList<Job> jobs) =>
        Operators.AskAsync<SubmitRequest, SubmitAnswer>("submit", new(jobs), Cancellation);

    /// <summary>Waits until so many results are there.</summary>
    public async Task<IReadOnlyList<StoredResult>> ResultsAsync(int count)
    {
        var results = new List<StoredResult>();
        while (results.Count < count)
        {
            var after = results.LastOrDefault()?.Sequence ?? 0;
            results.AddRange((await Operators.AskAsync<WatchRequest,
                WatchAnswer>("watch", new(after, long.MaxValue - 1, 5), Cancellation)).Results);
        }
        return results;
    }

    public static IReadOnlyList<Observation> Success { get; } = ScriptedAgent.Success(["a", "b"]);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Folder.Delete(recursive: true);
    }

    async Task OpenAsync()
    {
        Fleet = await FleetCoordinator.StartAsync(_options, TimeProvider.System, line => { lock (_journal) _journal.Add(line); },
            Cancellation);
        Operators = Fleet.Operators.Connect();
    }

    async Task CloseAsync()
    {
        await Operators.DisposeAsync();
        await Fleet.DisposeAsync();
    }
}
