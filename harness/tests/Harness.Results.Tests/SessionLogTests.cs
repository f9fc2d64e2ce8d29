namespace Harness.Results.Tests;

public sealed class SessionLogTests : StoreTest
{
    static Session Nightly(params RunRecord[] runs) => new("20261124-nightly", "harness run --suite vision", "suite: vision\n",
        Example.Start, [.. runs.Select(run => run.Trial)]);

    SessionLog Log => new(Folder);

    [Fact]
    public async Task A_session_comes_back_with_its_trials_in_order()
    {
        var session = Nightly(Example.Run(2), Example.Run(0), Example.Run(1));
        await Log.BeginAsync(session, Cancellation);
        Assert.Equal(CanonicalJson.Write(session), CanonicalJson.Write(await Log.ReadAsync(session.Id, Cancellation)));
    }

    [Fact]
    public async Task What_remains_is_derived_from_the_stored_runs()
    {
        RunRecord[] runs = [Example.Run(0), Example.Run(1), Example.Run(2), Example.Run(3)];
        var elsewhere = runs[3] with { Provenance = runs[3].Provenance with { Session = "other" } };
        await AppendAsync(runs[0] with { State = RunState.Failed }, runs[1] with { State = RunState.InfraError }, runs[2], elsewhere);
        using var store = ResultStore.OpenForReading(Folder);
        var remaining = await SessionLog.RemainingAsync(Nightly(runs), store, Cancellation);
        Assert.Equal([runs[1].TrialId, runs[3].TrialId], remaining.Select(trial => trial.Id));
    }

    [Fact]
    public async Task A_trial_planned_twice_needs_two_runs()
    {
        var run = Example.Run();
        await AppendAsync(run);
        using var store = ResultStore.OpenForReading(Folder);
        Assert.Single(await SessionLog.RemainingAsync(Nightly(run, run), store, Cancellation));
    }

    [Fact]
    public async Task Only_an_unfinished_session_is_offered_for_resuming()
    {
        await Log.BeginAsync(Nightly(), Cancellation);
        await Log.BeginAsync(Nightly() with { Id = "20261123-nightly", Started = Example.Start.AddDays(-1) }, Cancellation);
        Assert.Equal("20261124-nightly", (await Log.LatestRunningOrNullAsync(Cancellation))!.Id);
        await Log.FinishAsync("20261124-nightly", Example.Start.AddHours(1), Cancellation);
        Assert.Equal("20261123-nightly", (await Log.LatestRunningOrNullAsync(Cancellation))!.Id);
        await Log.FinishAsync("20261123-nightly", Example.Start.AddHours(1), Cancellation);
        Assert.Null(await Log.LatestRunningOrNullAsync(Cancellation));
    }

    [Fact]
    public async Task A_taken_id_is_refused()
    {
        await Log.BeginAsync(Nightly(), Cancellation);
        await Assert.ThrowsAsync<HarnessException>(() => Log.BeginAsync(Nightly(), Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("Nightly")]
    [InlineData(".hidden")]
    public async Task An_id_that_is_no_plain_file_name_is_refused(string id) =>
        Assert.Contains("session id",
            (await Assert.ThrowsAsync<HarnessException>(() => Log.BeginAsync(Nightly() with { Id = id }, Cancellation))).Message);

    [Fact]
    public async Task An_unknown_session_names_the_nearest()
    {
        await Log.BeginAsync(Nightly(), Cancellation);
        var error = await Assert.ThrowsAsync<HarnessException>(() => Log.ReadAsync("20261124-nihgtly", Cancellation));
        Assert.Contains("20261124-nightly", error.Message);
    }

    [Fact]
    public async Task A_damaged_session_file_is_named()
    {
        await Log.BeginAsync(Nightly(), Cancellation);
        await File.WriteAllTextAsync(PathOf("sessions", "20261124-nightly.json"), "{\"id\":", Cancellation);
        var error = await Assert.ThrowsAsync<ResultDamagedException>(() => Log.ReadAsync("20261124-nightly", Cancellation));
        Assert.Equal("20261124-nightly.json", error.Problem.File);
    }
}
