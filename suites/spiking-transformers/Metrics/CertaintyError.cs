using Harness.Datasets.Signals;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>How far certainty is from the share of right positions.</summary>
public sealed record CertaintyError : IMetric<BitSequence, TickedBits>
{
    const int Bins = 10;

    public MetricCard Card => new("certainty-ece", 1, "Calibration error of certainty", "share", Direction.Lower)
    {
        Definition = $"Expected calibration error in {Bins} bins of equal width: the certainty of the most certain tick against the share "
            + "of right positions there, the mean distance weighted by the sequences of a bin.",
        Source = "Guo et al.: On calibration of modern neural networks, ICML 2017",
    };

    public ITally<BitSequence, TickedBits> Begin() => new Tally();

    sealed class Tally : ITally<BitSequence, TickedBits>
    {
        readonly (double Certainty, double Right, int Sequences)[] bins = new (double, double, int)[Bins];

        public void Add(BitSequence sample, TickedBits prediction)
        {
            var certainty = prediction.Certainties[prediction.MostCertain];
            ref var bin = ref bins[Math.Clamp((int)(certainty * Bins), 0, Bins - 1)];
            bin.Certainty += certainty;
            bin.Right += sample.RightBits(prediction.Answers[prediction.MostCertain]) / (double)sample.Length;
            bin.Sequences++;
        }

        public double Total() => bins.Sum(bin => Math.Abs(bin.Certainty - bin.Right)) / bins.Sum(bin => bin.Sequences);
    }
}
