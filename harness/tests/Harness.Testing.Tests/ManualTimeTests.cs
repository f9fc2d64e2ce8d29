namespace Harness.Testing.Tests;

public sealed class ManualTimeTests
{
    readonly ManualTime _time = new();

    [Fact]
    public void Time_passes_only_when_told()
    {
        var (start, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        Assert.Equal(start, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(start.AddSeconds(90), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), _time.GetElapsedTime(stamp));
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void A_look_may_cost_time()
    {
        var time = new ManualTime { PerLook = TimeSpan.FromMilliseconds(1) };
        Assert.Equal(TimeSpan.FromMilliseconds(1), time.GetElapsedTime(time.GetTimestamp()));
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_due_times_and_see_them()
    {
        var fired = new List<(string, TimeSpan)>();
        var start = _time.GetTimestamp();
        void Note(object? name) => fired.Add(((string)name!, _time.GetElapsedTime(start)));
        using var late = _time.CreateTimer(Note, "late", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var early = _time.CreateTimer(Note, "early", TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using var again = _time.CreateTimer(Note, "again", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        Assert.Equal([1, 2, 3], _time.Pending.Select(wait => wait.TotalSeconds));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(["early 1", "again 2", "late 3", "again 4"], fired.Select(entry => $"{entry.Item1} {entry.Item2.TotalSeconds}"));
        Assert.Equal([2], _time.Pending.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public void A_disposed_or_changed_timer_does_not_fire()
    {
        var fired = 0;
        var gone = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        gone.Dispose();
        using var later = _time.CreateTimer(_ => fired += 10, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        later.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, fired);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, fired);
    }

    [Fact]
    public async Task Delays_and_timeouts_follow_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var delay = Task.Delay(TimeSpan.FromHours(1), _time, cancellation);
        using var timeout = new CancellationTokenSource(TimeSpan.FromHours(2), _time);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await delay;
        Assert.False(timeout.IsCancellationRequested);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public void A_timer_started_by_a_timer_counts_from_there()
    {
        var fired = 0;
        ITimer? second = null;
        using var first = OnceAfterASecond(() => second = OnceAfterASecond(() => fired++));
        _time.Advance(TimeSpan.FromSeconds(2));
        second?.Dispose();
        Assert.Equal(1, fired);
    }

    ITimer OnceAfterASecond(Action act) => _time.CreateTimer(_ => act(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
}
