using Harness.Core.Dispatch;
using Harness.Testing;

namespace Harness.Core.Tests.Dispatch;

public sealed class FleetSessionTests
{
    static readonly ParityPrediction[] Right = [.. Numbers.Range(25, 10).Select(number => new ParityPrediction(number.Parity, 0.9))];

    readonly InMemoryResultStore _store = new();
    readonly RecordingProgress<SessionEvent> _events = new();
    int _made;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_are_scored_and_stored_in_the_order_of_arrival_under_the_devices_card()
    {
        var fleet = new ScriptedFleet(_ => [Ended(2, "c"), new FleetStarted(0, "a"), Ended(0, "a"), Ended(1, "b")]);
        var summary = await Session(fleet).RunAsync(SessionTests.Trials(3), Cancellation);
        Assert.Equal(3, summary.Count(RunState.Ok));
        Assert.Equal(["c", "a", "b"], _store.Runs.Select(run => run.Device.Id));
        Assert.Equal(SessionTests.Trials(3).Select(trial => trial.Id).Order(), _store.Runs.Select(run => run.TrialId).Order());
        Assert.All(_store.Runs, run =>
        {
            Assert.Equal(1, run.Metrics.Single(metric => metric.Primary).Value);
            Assert.Equal(TimeSpan.FromMinutes(1), run.Ended - run.Started);
        });
        Assert.Equal("a", _events.Reports.OfType<TrialStarted>().Single().Device);
        Assert.Equal(3, _events.Reports.OfType<TrialFinished>().Select(each => each.Progress.Position).Distinct().Count());
    }

    [Fact]
    public async Task Observations_that_cannot_be_read_are_an_infrastructure_row()
    {
        static async IAsyncEnumerable<Observation> Torn()
        {
            yield return new Hello(1, "scripted", "1");
            await Task.Yield();
            throw new HarnessException("The lines are not those that were signed.");
        }
        var fleet = new ScriptedFleet(_ => [new FleetEnded(0, "a", Card("a"), default, default, Torn())]);
        await Session(fleet).RunAsync(SessionTests.Trials(1), Cancellation);
        Assert.Equal(RunState.InfraError, _store.Runs[0].State);
        Assert.Contains("not those that were signed", _store.Runs[0].Reason);
    }

    [Fact]
    public async Task A_trial_with_a_stored_ok_run_is_not_handed_out_when_asked_so()
    {
        await Session(new ScriptedFleet(_ => [Ended(0, "a")])).RunAsync(SessionTests.Trials(1), Cancellation);
        var asked = new List<Trial>();
        var fleet = new ScriptedFleet(trials => { asked.AddRange(trials); return [Ended(0, "b")]; });
        var summary = await Session(fleet, skip: true).RunAsync(SessionTests.Trials(2), Cancellation);
        Assert.Equal(1, summary.Skipped);
        Assert.Equal(SessionTests.Trials(2)[1].Id, Assert.Single(asked).Id);
        Assert.Equal(2, _store.Runs.Count);
    }

    [Fact]
    public async Task An_interrupt_leaves_what_has_arrived_and_says_so()
    {
        using var interrupt = new CancellationTokenSource();
        var fleet = new ScriptedFleet(_ => Interrupted(interrupt));
        var summary = await Session(fleet).RunAsync(SessionTests.Trials(2), interrupt.Token);
        Assert.True(summary.Interrupted);
        Assert.Single(_store.Runs);
    }

    static IEnumerable<FleetNews> Interrupted(CancellationTokenSource interrupt)
    {
        yield return Ended(0, "a");
        interrupt.Cancel();
        interrupt.Token.ThrowIfCancellationRequested();
    }

    FleetSession Session(IFleet fleet, bool skip = false) =>
        new(new(fleet, SessionTests.Scorer(), _store, new ManualTime(), () => $"run-{_made++}",
        new("1", "commit", false, "harness run", "session", "plan", "manual")) { Progress = _events, SkipExisting = skip });

    static FleetEnded Ended(int index, string device) => new(index, device, Card(device),
        new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 1, 0, 1, 0, TimeSpan.Zero), ScriptedAgent.Success(Right).ToAsyncEnumerable());

    static DeviceCard Card(string id) => new(id, "cpu", "abacus", 1, 1, "none", "none");

    sealed class ScriptedFleet(Func<IReadOnlyList<Trial>, IEnumerable<FleetNews>> script) : IFleet
    {
        public IAsyncEnumerable<FleetNews> RunAsync(IReadOnlyList<Trial> trials, CancellationToken cancellation) =>
            script(trials).ToAsyncEnumerable();
    }
}
