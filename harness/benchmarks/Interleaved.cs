using System.Diagnostics;
using Harness.Statistics;

namespace Harness.Benchmarks;

/// <summary>
/// Times several ways of the same work turn by turn, so that what else happens on the machine meets all of them. A ratio is the median over
/// the rounds of the ratio within a round: one disturbed round does not move it.
/// </summary>
sealed class Interleaved
{
    readonly string[] names;
    readonly double[][] seconds;

    Interleaved(string[] names, double[][] seconds) => (this.names, this.seconds) = (names, seconds);

    /// <param name="rounds">Timed rounds after one that is not.</param>
    /// <param name="atLeast">Seconds that one turn lasts: work is repeated to fill them.</param>
    public static Interleaved Run(int rounds, double atLeast, params (string Name, Action Work)[] ways)
    {
        var repeats = ways.Select(way => Repeats(way.Work, atLeast)).ToArray();
        var times = ways.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var way = 0; way < ways.Length; way++) times[way][round] = Time(ways[way].Work, repeats[way]) / repeats[way];
        return new([.. ways.Select(way => way.Name)], times);
    }

    /// <summary>Median seconds of one call.</summary>
    public double Seconds(string name) => Median(seconds[Array.IndexOf(names, name)]);

    /// <summary>How many times as fast <paramref name="name"/> is as <paramref name="baseline"/>.</summary>
    public double Ratio(string baseline, string name)
    {
        var (slow, fast) = (seconds[Array.IndexOf(names, baseline)], seconds[Array.IndexOf(names, name)]);
        return Median([.. slow.Zip(fast, (one, other) => one / other)]);
    }

    /// <summary>Seconds of one of so many calls in a row.</summary>
    public static double Once(Action work, int calls) => Time(work, calls) / calls;

    static int Repeats(Action work, double atLeast)
    {
        work();
        var once = Time(work, 1);
        return Math.Max(1, (int)Math.Ceiling(atLeast / once));
    }

    static double Time(Action work, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var repeat = 0; repeat < repeats; repeat++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(IEnumerable<double> values) => Quantiles.Median([.. values]);
}
