using Harness.Datasets;

namespace Suites.LlmEdge.Bench;

/// <summary>Sends queries as a scenario says and writes down when each was answered.</summary>
/// <param name="wait">Lets time pass until a query comes.</param>
public sealed class LoadGenerator(TimeProvider time, Action<TimeSpan> wait)
{
    /// <summary>Answers a query; calls back when the first token is there, and gives the number of tokens.</summary>
    public delegate int Server(int query, Action firstToken);

    /// <summary>Waits to the millisecond, and the rest by looking at the clock.</summary>
    public static LoadGenerator OfThisMachine(CancellationToken cancellation) =>
        new(TimeProvider.System, left => cancellation.WaitHandle.WaitOne(left));

    /// <exception cref="HarnessException">The test asks for what there is not.</exception>
    public IReadOnlyList<QueryTimes> Run(LoadTest test, Server server, CancellationToken cancellation)
    {
        if (test.ProblemOrNull() is { } problem) throw new HarnessException(problem);
        var arrivals = ArrivalsOrNull(test);
        var (times, start) = (new QueryTimes[test.Queries], time.GetTimestamp());
        for (var query = 0; query < test.Queries; query++)
        {
            cancellation.ThrowIfCancellationRequested();
            var due = arrivals?[query] ?? time.GetElapsedTime(start);
            while (due - time.GetElapsedTime(start) is var early && early > TimeSpan.Zero) wait(early);
            var first = TimeSpan.Zero;
            var tokens = server(query, () => first = time.GetElapsedTime(start));
            times[query] = new(due, first, time.GetElapsedTime(start), tokens);
        }
        return times;
    }

    // Null where each query is asked when the last is answered.
    static TimeSpan[]? ArrivalsOrNull(LoadTest test) => test.Scenario switch
    {
        LoadScenario.SingleStream => null,
        LoadScenario.Offline => new TimeSpan[test.Queries],
        _ => Poisson(test),
    };

    // Intervals are exponential of the mean 1 / rate.
    static TimeSpan[] Poisson(LoadTest test)
    {
        var (chance, at) = (new Chance((ulong)test.Seed), 0.0);
        return [.. Enumerable.Range(0, test.Queries).Select(_ => TimeSpan.FromSeconds(at += -Math.Log(1 - chance.Unit()) / test.Rate))];
    }
}
