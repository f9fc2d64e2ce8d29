using System.Diagnostics;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;

namespace Harness.Queue.Tests.Fleet;

/// <summary>A server that an administrator runs, who includes the coordinator's users and reloads when they change.</summary>
public sealed class ExistingServerTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-existing-");
    readonly FleetCoordinatorOptions _options;
    readonly int _port = NatsFixture.FreePort();

    public ExistingServerTests() => _options = new(new(Path.Combine(_folder.FullName, "coordinator")))
    {
        Existing = new($"nats://127.0.0.1:{_port}", EnrolmentToken.Plain),
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    string Users => Path.Combine(_options.Folder.FullName, "users.conf");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_that_is_not_there_is_one_clear_error_and_the_users_are_written_for_it()
    {
        var error = await Assert.ThrowsAsync<HarnessException>(StartAsync);
        Assert.Contains($"include '{Users}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("nkey:", await File.ReadAllTextAsync(Users, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_includes_the_users_carries_a_fleet_and_ends_with_nobody()
    {
        await Assert.ThrowsAsync<HarnessException>(StartAsync);
        using var server = Server();
        using var ended = new CancellationTokenSource();
        var reloading = ReloadAsync(server, ended.Token);
        await using (var fleet = await StartedAsync())
        {
            await using var operators = fleet.Operators.Connect();
            var token = await FleetCoordinator.TokenAsync(operators, fleet.Address.Authority, "cpu", TimeSpan.FromHours(1), Cancellation);
            DirectoryInfo state = new(Path.Combine(_folder.FullName, "agent"));
            await Enrolling.EnrolAsync(fleet.Address, token, "one", Samples.Card, state, Cancellation);
            await operators.AskAsync<SubmitRequest, SubmitAnswer>("submit", new([Samples.Job(7)]), Cancellation);
            await using var link = NatsFleetLink.ForDevice(fleet.Address, Enrolling.KeyIn(state), "one");
            var lease = (await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease!;
            Assert.Equal(7, lease.Job.Trial.Seed);
        }
        await ended.CancelAsync();
        await reloading;
        Assert.False(server.HasExited);
        server.Kill();
        await server.WaitForExitAsync(Cancellation);
    }

    Task<FleetCoordinator> StartAsync() => FleetCoordinator.StartAsync(_options, TimeProvider.System, _ => { }, Cancellation);

    /// <summary>The coordinator, as soon as the server listens.</summary>
    async Task<FleetCoordinator> StartedAsync()
    {
        while (true)
        {
            try { return await StartAsync(); }
            catch (HarnessException) { await Task.Delay(50, Cancellation); }
        }
    }

    Process Server()
    {
        var configuration = Path.Combine(_folder.FullName, "nats.conf");
        File.WriteAllText(configuration, $"listen: \"127.0.0.1:{_port}\"\njetstream {{ store_dir: \"{_folder.FullName}/streams\" }}\n"
            + "include \"coordinator/users.conf\"\n");
        return Process.Start(new ProcessStartInfo(NatsFixture.Program, ["-c", configuration])
        {
            UseShellExecute = false, RedirectStandardError = true,
        })!;
    }

    async Task ReloadAsync(Process server, CancellationToken ended)
    {
        _ = server.StandardError.ReadToEndAsync(CancellationToken.None);
        var known = await File.ReadAllTextAsync(Users, Cancellation);
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(50, Cancellation);
            if (await File.ReadAllTextAsync(Users, Cancellation) is var now && now == known) continue;
            known = now;
            using var signal = Process.Start("kill", ["-HUP", $"{server.Id}"]);
            await signal.WaitForExitAsync(Cancellation);
        }
    }
}
