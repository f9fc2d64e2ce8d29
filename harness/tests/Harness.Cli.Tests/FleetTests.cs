using System.Diagnostics;
using Harness.Datasets.Sources;
using Harness.Device.Tests.Serial;
using Harness.Publishing.Fleet;

namespace Harness.Cli.Tests;

/// <summary>Coordinator, agents and session as processes of their own, over a real nats-server with TLS.</summary>
public sealed class FleetTests : IDisposable
{
    const string Plan = """
        name: over-there
        seeds: 1..4
        trials:
          - suite: clustering
            benchmark: points
            datasets: [blobs]
            families:
              - { id: k-means, with: { clusters: 5 } }
        """;

    readonly HarnessProcess _harness = new();
    readonly List<Process> _running = [];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var process in _running)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        _harness.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plan_runs_on_two_devices_and_every_result_names_its_device(bool embedded)
    {
        await CoordinatorAsync(embedded);
        foreach (var name in new[] { "left", "right" })
        {
            var token = (await _harness.RunHere("device", "token", "--fleet-folder", Folder)).Data.Trim();
            await UntilSaysAsync(Started("agent", "--coordinator", Url, "--token", token, "--name", name, "--state",
                Path.Combine(_harness.Folder.FullName, name)), "serves");
        }
        var outcome = await _harness.Run("run", "--plan", _harness.Write("plan.yaml", Plan), "--fleet", "--fleet-folder", Folder);
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        Assert.Equal(4, _harness.StoredRuns);
        var devices = _harness.Results.EnumerateFiles("run.json", SearchOption.AllDirectories)
            .Select(file => System.Text.Json.JsonDocument.Parse(File.ReadAllText(file.FullName)).RootElement.GetProperty("device")
                .GetProperty("id").GetString()).ToList();
        Assert.All(devices, device => Assert.Contains(device, new[] { "left", "right" }));
        Assert.Equal(ExitCodes.Ok, (await _harness.Run("verify")).Code);

        var list = await Device("list");
        Assert.Contains("left", list.Data);
        Assert.Contains("since the start 4 results", list.Messages);
        Assert.Contains("computes right", (await Device("health", "left")).Messages);
        Assert.Equal(ExitCodes.Ok, (await Device("quarantine", "left", "--reason", "smells burnt")).Code);
        Assert.Contains("quarantined", (await Device("list")).Data);
        Assert.Contains("smells burnt", (await Device("logs", "left")).Data);
        Assert.Equal(ExitCodes.Ok, (await Device("quarantine", "left", "--off")).Code);
        Assert.Equal(ExitCodes.Ok, (await Device("drain", "right")).Code);
        Assert.Equal(ExitCodes.Ok, (await Device("revoke", "right")).Code);
        var snapshot = FleetSnapshot.Read(new(_harness.Write("fleet.json", (await Device("list", "--json")).Data)));
        Assert.Equal([("left", "idle", true), ("right", "retired", false)], snapshot.Devices.OrderBy(entry => entry.Device.Name)
            .Select(entry => (entry.Device.Name, entry.State == "retired" ? "retired" : "idle", entry.Device.Health is { Passed: true })));
        Assert.All(snapshot.Devices, entry => Assert.True(entry.Device.Card is not null && entry.Device.Clock is not null
            && entry.Seen <= snapshot.At.AddSeconds(5)));
        Assert.Contains("enrolled are left, right", (await Device("drain", "middle")).Messages);
    }

    /// <summary>The real agent on a pseudo-terminal; the board at its other end says that it is emulated.</summary>
    [Fact]
    public async Task A_micro_board_on_a_serial_line_serves_a_fleet_with_the_family_that_it_holds()
    {
        Assert.SkipUnless(DataSources.FromEnvironment().Data is { } data && Directory.Exists(Path.Combine(data.FullName, "mnist")),
            "no mnist under HARNESS_DATA");
        await CoordinatorAsync();
        using var board = new FakeBoard(side: 28);
        var token = (await _harness.RunHere("device", "token", "--class", "mcu", "--fleet-folder", Folder)).Data.Trim();
        await UntilSaysAsync(Started("agent", "--coordinator", Url, "--token", token, "--name", "board-1", "--state",
            Path.Combine(_harness.Folder.FullName, "board-1"), "--driver", "serial", "--set", $"port={board.Port}", "--set",
            "family=logistic-regression@1", "--set", "baud=9600"), "serves");

        var outcome = await _harness.Run("run", "--plan", _harness.Write("plan.yaml", """
            name: board
            seeds: [1]
            device: mcu
            trials:
              - suite: spiking-transformers
                benchmark: images
                datasets: [mnist]
                families: [logistic-regression, majority-class]
            """), "--limit", "12", "--fleet", "--fleet-folder", Folder);

        Assert.True(outcome.Code == ExitCodes.SomeFailed, $"{outcome}");
        var runs = _harness.Results.EnumerateFiles("run.json", SearchOption.AllDirectories)
            .Select(file => System.Text.Json.JsonElement.Parse(File.ReadAllText(file.FullName)))
            .ToDictionary(run => run.GetProperty("trial").GetProperty("family").GetString()!);
        Assert.Equal("ok", runs["logistic-regression@1"].GetProperty("state").GetString());
        Assert.True(runs["logistic-regression@1"].GetProperty("device").GetProperty("emulated").GetBoolean());
        Assert.Equal("unsupported", runs["majority-class@1"].GetProperty("state").GetString());
        Assert.Contains("holds logistic-regression@1", runs["majority-class@1"].GetProperty("reason").GetString());
        Assert.Equal(12, board.Commands.Count(command => command == "db load 784"));
        // 12 inferences of 1.5 ms by the board's own clock, which wraps on the way.
        var speed = runs["logistic-regression@1"].GetProperty("metrics").EnumerateArray()
            .Single(metric => metric.GetProperty("metric").GetString() == "speed.samples_per_second");
        Assert.Equal(1 / 0.0015, speed.GetProperty("value").GetDouble(), 1e-6);
    }

    [Theory]
    [InlineData("needs --set family", "port=/dev/null")]
    [InlineData("must be NAME@VERSION", "port=/dev/null", "family=resnet")]
    [InlineData("has no setting 'parity'", "port=/dev/null", "family=resnet@1", "parity=odd")]
    public async Task A_serial_driver_that_is_set_wrong_says_what_is_wrong(string reason, params string[] settings)
    {
        string[] words = ["agent", "--coordinator", "tls://127.0.0.1:1", "--name", "board-1", "--state", Folder, "--driver", "serial",
            "--token", "none", .. settings.SelectMany(setting => new[] { "--set", setting })];
        var outcome = await _harness.RunHere(words);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains(reason, outcome.Messages);
    }

    [Fact]
    public async Task A_session_that_was_killed_fetches_what_the_fleet_finished_meanwhile()
    {
        await CoordinatorAsync();
        var plan = _harness.Write("plan.yaml", Plan);
        var killed = Started("run", "--plan", plan, "--fleet", "--fleet-folder", Folder);
        while (!(await Device("list")).Messages.Contains("4 jobs wait", StringComparison.Ordinal)) await Task.Delay(100, Cancellation);
        killed.Kill(entireProcessTree: true);
        await killed.WaitForExitAsync(Cancellation);
        Assert.Equal(0, _harness.StoredRuns);

        var token = (await _harness.RunHere("device", "token", "--fleet-folder", Folder)).Data.Trim();
        var agent = Started("agent", "--coordinator", Url, "--token", token, "--name", "left", "--state",
            Path.Combine(_harness.Folder.FullName, "left"), "--jobs", "4");
        await agent.WaitForExitAsync(Cancellation);

        var outcome = await _harness.Run("resume");
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        Assert.Equal(4, _harness.StoredRuns);
        Assert.Contains("nothing to resume", (await _harness.Run("resume")).Messages);
        Assert.Equal(ExitCodes.Ok, (await _harness.Run("verify")).Code);
    }

    Task<Outcome> Device(string verb, params string[] arguments) =>
        _harness.RunHere(["device", verb, .. arguments, "--fleet-folder", Folder]);

    [Fact]
    public async Task A_session_without_a_coordinator_is_one_clear_error_before_anything_is_stored()
    {
        var outcome = await _harness.RunHere("run", "--plan", _harness.Write("plan.yaml", Plan), "--fleet", "--fleet-folder", Folder);
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("harness coordinator up", outcome.Messages);
        Assert.False(_harness.Results.Exists);
    }

    [Theory]
    [InlineData("--listen", "0.0.0.0", "--plain", "must not speak plainly")]
    [InlineData("--lease", "0.1", "--plain", "1 to 86400")]
    [InlineData("--nats-server", "no-such-server", "--plain", "apt-get install nats-server")]
    public async Task A_coordinator_that_cannot_be_says_why(string option, string value, string flag, string reason)
    {
        var outcome = await _harness.RunHere("coordinator", "up", option, value, flag, "--fleet-folder", Folder);
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains(reason, outcome.Messages);
    }

    string Folder => Path.Combine(_harness.Folder.FullName, "fleet");
    string Url { get; set; } = "";

    async Task CoordinatorAsync(bool embedded = false)
    {
        if (embedded)
        {
            Url = Address(await UntilSaysAsync(Started("coordinator", "up", "--embedded", "--metrics", "0", "--fleet-folder", Folder),
                "ready at"));
            return;
        }
        var server = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "nats-server")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(server is not null, "needs nats-server (Debian: apt-get install nats-server)");
        var said = await UntilSaysAsync(Started("coordinator", "up", "--port", "0", "--metrics", "0", "--nats-server", server!,
            "--fleet-folder", Folder),
            "ready at");
        Url = Address(said);
        Assert.Contains("DOTNET_gcServer=1", await File.ReadAllTextAsync($"/proc/{_running[^1].Id}/environ", Cancellation));
    }

    static string Address(string said) => said.Split("ready at ")[1].Split(',')[0];

    Process Started(params string[] arguments)
    {
        var process = _harness.Start(arguments);
        _running.Add(process);
        return process;
    }

    static async Task<string> UntilSaysAsync(Process process, string word)
    {
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync(Cancellation) is { } line)
        {
            said.Add(line);
            if (!line.Contains(word, StringComparison.Ordinal)) continue;
            // Whoever does not read on would stop the process at a full pipe.
            _ = process.StandardError.ReadToEndAsync(Cancellation);
            _ = process.StandardOutput.ReadToEndAsync(Cancellation);
            return line;
        }
        throw new InvalidOperationException($"The process ended without saying '{word}': {string.Join('\n', said)}");
    }
}
