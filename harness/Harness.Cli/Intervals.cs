using Harness.Core.Scoring;
using Harness.Statistics;
using Interval = Harness.Core.Scoring.Interval;

namespace Harness.Cli;

/// <summary>Gives the scorer its statistics.</summary>
sealed class Intervals : IIntervals
{
    const int Resamples = 999;

    public Interval Wilson(int successes, int trials)
    {
        var interval = Proportion.Wilson(successes, trials);
        return new(interval.Low, interval.High, "wilson 95 %");
    }

    public Interval Bootstrap(Func<ReadOnlySpan<int>, double> statistic, int samples, int seed)
    {
        var interval = Statistics.Bootstrap.Of(samples, statistic, new Chance((ulong)seed), Resamples).Bca();
        return new(interval.Low, interval.High, $"bootstrap bca 95 % ({Resamples})");
    }
}
