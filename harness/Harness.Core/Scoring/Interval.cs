namespace Harness.Core.Scoring;

/// <summary>An uncertainty interval of a score; <paramref name="Method"/> names it with its level, e.g. <c>wilson 95 %</c>.</summary>
public sealed record Interval(double Low, double High, string Method);

/// <summary>The statistics a scorer needs, given by the composition root.</summary>
public interface IIntervals
{
    /// <summary>Wilson's interval of a share, as a share of 0..1.</summary>
    Interval Wilson(int successes, int trials);

    /// <summary>A bootstrap: <paramref name="statistic"/> takes indices below <paramref name="samples"/>, with repeats.</summary>
    Interval Bootstrap(Func<ReadOnlySpan<int>, double> statistic, int samples, int seed);
}
