using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>The mean over sequences of a number that each has.</summary>
static class TickTally
{
    /// <exception cref="HarnessException">From the tally: a tick does not answer every bit.</exception>
    public static ITally<BitSequence, TickedBits> Of(Func<BitSequence, TickedBits, double> score) =>
        Tally.Mean<BitSequence, TickedBits>((sample, prediction) =>
        {
            if (prediction.Answers.FirstOrDefault(answer => answer.Length != sample.Length) is { } other)
                throw new HarnessException($"A sequence of {sample.Length} bits was answered with {other.Length}; every tick answers all.");
            return score(sample, prediction);
        });
}
