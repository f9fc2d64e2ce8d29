namespace Harness.Agent.Measuring;

/// <summary>A thread that looks at sensors: once at each end of the work and periodically in between.</summary>
/// <param name="look">Takes a clock that counts seconds since the watch began.</param>
sealed class Watch(TimeProvider time, TimeSpan period, Action<Func<double>> look) : IDisposable
{
    readonly ManualResetEventSlim end = new(false);
    readonly long start = time.GetTimestamp();
    double spent;

    /// <returns>Seconds of the work, and seconds that looking took.</returns>
    public (double Length, double Spent) During(Action work)
    {
        Look();
        var thread = new Thread(Run) { Name = "sensors", IsBackground = true };
        thread.Start();
        try { work(); }
        finally
        {
            end.Set();
            thread.Join();
            Look();
        }
        return (Seconds(), spent);
    }

    public void Dispose() => end.Dispose();

    void Run()
    {
        while (!end.Wait(period)) Look();
    }

    void Look()
    {
        var before = time.GetTimestamp();
        look(Seconds);
        spent += time.GetElapsedTime(before).TotalSeconds;
    }

    double Seconds() => time.GetElapsedTime(start).TotalSeconds;
}
