namespace Harness.Testing;

/// <summary>
/// A clock that moves only when told. Timers, and with them <c>Task.Delay</c> and <c>CancellationTokenSource</c>, fire inside
/// <see cref="Advance"/>, on its thread, in the order of their due times.
/// </summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<Timer> _timers = [];
    long _ticks = start.UtcTicks;

    /// <summary>Begins with the year 2000.</summary>
    public ManualTime() : this(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    /// <summary>Passes at every look at the clock, so that measured durations are not zero; it fires no timer.</summary>
    public TimeSpan PerLook { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long each waiting timer still waits, the next one first.</summary>
    public IReadOnlyList<TimeSpan> Pending
    {
        get { lock (_gate) return [.. _timers.Select(timer => TimeSpan.FromTicks(Math.Max(0, timer.Due - _ticks))).Order()]; }
    }

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override long GetTimestamp()
    {
        lock (_gate) return _ticks += PerLook.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative: this clock does not run backwards.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end;
        lock (_gate) end = _ticks + by.Ticks;
        while (NextOrNull(end) is { } timer) timer.Fire();
        lock (_gate) _ticks = Math.Max(_ticks, end);
    }

    // The clock stands at a timer's due time while it fires, so that what it starts counts from there.
    Timer? NextOrNull(long end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is null) return null;
            _ticks = Math.Max(_ticks, next.Due);
            if (next.Period > 0) next.Due += next.Period;
            else _timers.Remove(next);
            return next;
        }
    }

    sealed class Timer(ManualTime time, Action fire) : ITimer
    {
        public long Due { get; set; }
        public long Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                (Due, Period) = (time._ticks + dueTime.Ticks, Math.Max(0, period.Ticks));
                if (dueTime != Timeout.InfiniteTimeSpan) time._timers.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
