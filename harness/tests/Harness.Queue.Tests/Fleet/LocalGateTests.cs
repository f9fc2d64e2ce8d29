using System.Net.Sockets;
using Harness.Queue.Coordinating;
using Harness.Queue.Local;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;

namespace Harness.Queue.Tests.Fleet;

/// <summary>A fleet without a broker: the walls that a server would build are the gate's own.</summary>
public sealed class LocalGateTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-local-");
    readonly List<string> _journal = [];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    FileInfo Socket => new(Path.Combine(_folder.FullName, "fleet", "coordinator.sock"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_job_goes_out_and_what_was_submitted_outlives_the_coordinator()
    {
        FleetCoordinator fleet;
        await using (fleet = await StartAsync())
        {
            await EnrolAsync(fleet, "one");
            await using var operators = fleet.Operators.Connect();
            await operators.AskAsync<SubmitRequest, SubmitAnswer>("submit", new([Samples.Job(1), Samples.Job(2)]), Cancellation);
        }
        await using (fleet = await StartAsync())
        {
            await using var link = FleetLinks.ForDevice(fleet.Address, KeyOf("one"), "one");
            var first = await LeaseAsync(link, []);
            // A device that knows of no lease is told again of the one it was given; one that knows it gets the next.
            Assert.Equal(first.Lease!.Job, (await LeaseAsync(link, [])).Lease!.Job);
            var waits = LeaseAsync(link, [first.Lease.Job.Id]);
            Assert.NotNull(await link.AskAsync<Done, ClockAnswer>("clock", new(true), Cancellation));
            Assert.NotEqual(first.Lease.Job, (await waits).Lease!.Job);
        }
    }

    [Fact]
    public async Task Who_does_not_hold_the_key_is_refused_and_logged()
    {
        await using var fleet = await StartAsync();
        await EnrolAsync(fleet, "one");
        await EnrolAsync(fleet, "two");
        var stranger = DeviceKey.Create();
        await RefusedAsync(new LocalFleetLink(Socket, LocalCaller.Device, "one", stranger));
        await RefusedAsync(new LocalFleetLink(Socket, LocalCaller.Device, "two", KeyOf("one")));
        await RefusedAsync(new LocalFleetLink(Socket, LocalCaller.Device, "nobody", stranger));
        await RefusedAsync(new LocalFleetLink(Socket, LocalCaller.Operator, "", KeyOf("one")));
        await RefusedAsync(new LocalFleetLink(Socket, LocalCaller.Token, EnrolmentToken.HashOf(stranger.Public), stranger));
        fleet.Coordinator.Parts.Devices.Update("two", device => device with { Revoked = true });
        await RefusedAsync(new LocalFleetLink(Socket, LocalCaller.Device, "two", KeyOf("two")));
        Assert.Equal(6, fleet.Coordinator.Parts.Journal.Counts["refused:not_enrolled"]);
    }

    [Fact]
    public async Task A_token_enrols_once()
    {
        await using var fleet = await StartAsync();
        var token = await TokenAsync(fleet);
        await Enrolling.EnrolAsync(fleet.Address, token, "one", Samples.Card, StateOf("one"), Cancellation);
        await using var again = FleetLinks.ForToken(fleet.Address, token);
        await Assert.ThrowsAnyAsync<HarnessException>(() => again.AskAsync(token.Hash, Array.Empty<byte>(), Cancellation).AsTask());
    }

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 127 }, "oversized")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "malformed")]
    [InlineData(new byte[] { 6, 0, 0, 0, 0, 0, 0, 0, 60, 0 }, "malformed")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "malformed")]
    public async Task What_is_no_message_ends_its_connection_only(byte[] bytes, string refusal)
    {
        await using var fleet = await StartAsync();
        using (var plug = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await plug.ConnectAsync(new UnixDomainSocketEndPoint(Socket.FullName), Cancellation);
            await plug.SendAsync(bytes, Cancellation);
            // First the challenge, then the end, which is a reset where something lay unread.
            try { while (await plug.ReceiveAsync(new byte[4096], Cancellation) > 0) { } }
            catch (SocketException) { }
        }
        await using var operators = fleet.Operators.Connect();
        await operators.AskAsync<Done, FleetAnswer>("fleet", new(true), Cancellation);
        Assert.Contains($"refused:{refusal}", fleet.Coordinator.Parts.Journal.Counts.Keys);
    }

    [Fact]
    public async Task Only_one_coordinator_listens_and_only_its_user_may_call()
    {
        await using (await StartAsync())
        {
            Assert.Contains("Another coordinator", (await Assert.ThrowsAsync<HarnessException>(StartAsync)).Message);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket.FullName));
        }
        // What a coordinator that was killed leaves behind is no obstacle.
        await File.WriteAllTextAsync(Socket.FullName, "", Cancellation);
        await using (await StartAsync()) { }
        Assert.False(File.Exists(Socket.FullName));
    }

    async Task RefusedAsync(LocalFleetLink link)
    {
        await using (link)
            await Assert.ThrowsAsync<LinkDownException>(() => link.AskAsync<Done, ClockAnswer>("clock", new(true), Cancellation).AsTask());
    }

    static async Task<LeaseAnswer> LeaseAsync(IFleetLink link, IReadOnlyList<string> holding) =>
        await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, holding), Cancellation);

    Task<FleetCoordinator> StartAsync() => FleetCoordinator.StartAsync(new(new(Path.Combine(_folder.FullName, "fleet")))
    {
        Embedded = true,
    }, TimeProvider.System, line => { lock (_journal) _journal.Add(line); }, Cancellation);

    static async Task<EnrolmentToken> TokenAsync(FleetCoordinator fleet)
    {
        await using var operators = fleet.Operators.Connect();
        return await FleetCoordinator.TokenAsync(operators, fleet.Address.Authority, "cpu", TimeSpan.FromHours(1), Cancellation);
    }

    async Task EnrolAsync(FleetCoordinator fleet, string name) =>
        await Enrolling.EnrolAsync(fleet.Address, await TokenAsync(fleet), name, Samples.Card, StateOf(name), Cancellation);

    DirectoryInfo StateOf(string name) => new(Path.Combine(_folder.FullName, name));
    DeviceKey KeyOf(string name) => Enrolling.KeyIn(StateOf(name));
}
