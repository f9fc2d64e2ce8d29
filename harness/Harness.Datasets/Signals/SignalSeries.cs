namespace Harness.Datasets.Signals;

/// <summary>An input signal and what should come out of it, step by step.</summary>
/// <param name="Inputs">[step], or [step, channel] where there are several.</param>
/// <param name="Targets">[step, output]; empty when withheld.</param>
/// <param name="Washout">The first steps, which are not scored: a system may still remember its start.</param>
public sealed record SignalSeries(ReadOnlyMemory<double> Inputs, ReadOnlyMemory<double> Targets, int Outputs, int Washout)
{
    public int Channels { get; init; } = 1;

    public int Steps => Inputs.Length / Channels;
}

/// <summary>What a model says of a series: [step, output].</summary>
public sealed record SignalPrediction(IReadOnlyList<double> Values);
