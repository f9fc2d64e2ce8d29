using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>The mean over sequences of a number that each has.</summary>
sealed class TickTally(Func<BitSequence, TickedBits, double> score) : ITally<BitSequence, TickedBits>
{
    double sum;
    int sequences;

    public void Add(BitSequence sample, TickedBits prediction)
    {
        if (prediction.Answers.FirstOrDefault(answer => answer.Length != sample.Length) is { } other)
            throw new HarnessException($"A sequence of {sample.Length} bits was answered with {other.Length}; every tick answers all.");
        sum += score(sample, prediction);
        sequences++;
    }

    public double Total() => sum / sequences;
}
