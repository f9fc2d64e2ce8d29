using Harness.Agent.Drivers.Adb;
using Harness.Agent.Measuring;

namespace Harness.Device.Tests.Adb;

/// <summary>The driver, the real adb server, and a phone that stands in for one by running Arm programs in an emulator.</summary>
public sealed class AdbAgentTests(AdbFixture adb)
{
    const string Hello = """echo '{"type":"hello","protocol":1,"worker":"sh","version":"1"}'; """;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trial_runs_on_the_phone_and_the_phone_is_named_as_emulated()
    {
        AdbFixture.SkipWithoutAdb();
        Programs.SkipWithoutEmulator();
        await using var agent = adb.Agent(adb.Options(adb.Phone));

        var card = await agent.DescribeAsync(Cancellation);
        var observations = await ObserveAsync(agent, Programs.Clustering());

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal(64, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
        Assert.Equal(("phone", true, "Android 14 arm64-v8a"), (card.Class, card.Emulated, card.OperatingSystem));
        Assert.Matches("^fake-phone-[0-9a-f]{8}-emulated$", card.Id);
        Assert.DoesNotContain("FAKE0123456789", CanonicalJson.Write(card));
        Assert.Equal("schedutil", card.Details!["governor"]);
        Assert.Contains("thermalservice:CPU0", card.Sensors);
    }

    [Fact]
    public async Task Battery_and_heat_are_read_before_and_after_the_run()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("heat");
        await using var agent = adb.Agent(Scripted(phone, Hello + """echo '{"type":"finished","state":"ok"}'"""));

        var readings = (await ObserveAsync(agent, Programs.Clustering())).OfType<Read>().Select(read => read.Reading).ToList();

        Assert.Equal(0.84, readings.Single(reading => reading.Metric == Quantities.BatteryBefore.Id).Value);
        Assert.Equal(0.84, readings.Single(reading => reading.Metric == Quantities.BatteryAfter.Id).Value);
        Assert.Equal(38.5, readings.Single(reading => reading is { Metric: "temperature.after", Instrument: "thermalservice:CPU0" }).Value);
        Assert.Equal(28.7, readings.Single(reading => reading is { Metric: "temperature.before", Instrument: "battery" }).Value!.Value, 6);
        Assert.Equal(0, readings.Single(reading => reading.Metric == Quantities.ThrottlingAfter.Id).Value);
    }

    [Fact]
    public async Task A_worker_that_the_phone_holds_already_is_not_pushed_again()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("twice");
        await using var agent = adb.Agent(Scripted(phone, "exit 1"));
        await ObserveAsync(agent, Programs.Clustering());
        var taken = phone.TakenBytes;

        await ObserveAsync(agent, Programs.Clustering());

        Assert.True(taken > 0);
        Assert.Equal(taken, phone.TakenBytes);
    }

    [Fact]
    public async Task A_worker_that_was_changed_on_the_phone_is_pushed_again()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("changed");
        var options = Scripted(phone, "exit 1");
        await using var agent = adb.Agent(options);
        await ObserveAsync(agent, Programs.Clustering());
        var taken = phone.TakenBytes;
        await File.AppendAllTextAsync(Path.Combine(phone.Folder, options.Program.Name), "# tampered", Cancellation);

        await ObserveAsync(agent, Programs.Clustering());

        Assert.Equal(2 * taken, phone.TakenBytes);
    }

    [Fact]
    public async Task The_log_and_the_exit_code_of_a_worker_that_dies_become_the_reason()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("dies");
        await using var agent = adb.Agent(Scripted(phone, "echo 'no such library' >&2; exit 127"));

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent, Programs.Clustering()))[^1]);

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.Contains("exited with code 127", finished.Reason);
        Assert.Contains("no such library", finished.Reason);
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_process_on_the_phone()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("cancel");
        await using var agent = adb.Agent(Scripted(phone, $"trap '' TERM HUP; {Hello} while :; do sleep 0.1; done"));
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var states = new List<RunState>();
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), cancelled.Token))
        {
            if (observation is Hello) await cancelled.CancelAsync();
            if (observation is Finished finished) states.Add(finished.State);
        }

        Assert.Equal([RunState.Aborted], states);
        Assert.DoesNotContain(CommandLines(), line => line.Contains(phone.Folder) && line.Contains("worker"));
    }

    [Fact]
    public async Task A_pulled_cable_ends_the_run_with_what_is_known()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("cable");
        await using var agent = adb.Agent(Scripted(phone, Hello + "exec sleep 600"));

        Finished? end = null;
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), Cancellation))
        {
            if (observation is Hello) phone.PullCable();
            end = observation as Finished;
        }

        Assert.Equal(RunState.InfraError, end!.State);
        Assert.Contains("was lost", end.Reason);
    }

    [Fact]
    public async Task A_phone_that_adb_does_not_know_is_an_error_that_names_those_it_knows()
    {
        AdbFixture.SkipWithoutAdb();
        await using var agent = adb.Agent(adb.Options(adb.Phone) with { Serial = "R58M123" });

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("'R58M123'", error.Message);
        Assert.Contains(adb.Phone.Serial, error.Message);
    }

    [Fact]
    public async Task A_phone_too_old_to_keep_lines_and_log_apart_is_refused()
    {
        AdbFixture.SkipWithoutAdb();
        await using var phone = await adb.PlugInAsync("old", features: "cmd");
        await using var agent = adb.Agent(adb.Options(phone));

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("shell_v2", error.Message);
    }

    [Fact]
    public async Task No_adb_server_is_an_error_that_says_how_to_start_one()
    {
        await using var agent = new AdbAgent(new("serial", new FileInfo("worker")) { Port = 1 }, new("phone"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("adb start-server", error.Message);
    }

    AdbOptions Scripted(Harness.FakePhone.Phone phone, string script)
    {
        var file = new FileInfo(Path.Combine(Path.GetDirectoryName(phone.Folder)!, $"worker-{Guid.NewGuid():n}"));
        File.WriteAllText(file.FullName, $"#!/bin/sh\n{script}\n");
        return adb.Options(phone) with { Program = file };
    }

    static IEnumerable<string> CommandLines() => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Select(folder =>
        {
            try { return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' '); }
            catch (IOException) { return ""; }
        });

    static async Task<List<Observation>> ObserveAsync(AdbAgent agent, Trial trial)
    {
        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(trial, Cancellation)) observations.Add(observation);
        return observations;
    }
}
