using Harness.Datasets;
using Harness.Torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>Answers of a liquid to samples as shares of its spikes; without a liquid, of the input's events.</summary>
sealed class EventProbe<TSample>(IEventView<TSample> view, LiquidWeights? weights, double decay, double threshold, int seed, int threads)
{
    public LiquidWeights? Weights => weights;

    /// <summary>[sample][neuron or input].</summary>
    public float[][] Shares(IReadOnlyList<TSample> samples, CancellationToken cancellation = default)
    {
        var shares = new float[samples.Count][];
        Parallel.For(0, samples.Count, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, NewLiquid,
            (index, _, liquid) =>
            {
                shares[index] = Of(samples[index], view.Counts(samples[index]), liquid);
                return liquid;
            }, _ => { });
        return shares;
    }

    /// <summary>The same one by one, and what it took: spikes, single products of a spike and a weight, events of the input.</summary>
    public (float[][] Shares, long Spikes, long Events, long Inputs) Watched(IReadOnlyList<TSample> samples)
    {
        var (liquid, shares, inputs) = (NewLiquid(), new float[samples.Count][], 0L);
        for (var index = 0; index < shares.Length; index++)
        {
            var counts = view.Counts(samples[index]);
            foreach (var count in counts) inputs += count;
            shares[index] = Of(samples[index], counts, liquid);
        }
        return (shares, liquid?.Work.Spikes ?? 0, liquid?.Work.Events ?? 0, inputs);
    }

    RandomLiquid? NewLiquid() => weights is null ? null : new(weights, decay, threshold);

    float[] Of(TSample sample, byte[] counts, RandomLiquid? liquid)
    {
        var spikes = liquid?.Show(counts, new Chance(SampleOrder.Of(view.Content(sample), ~seed).State)) ?? Sums(counts);
        var total = Math.Max(1, spikes.Sum());
        return Array.ConvertAll(spikes, count => (float)count / total);
    }

    int[] Sums(byte[] counts)
    {
        var sums = new int[view.Inputs];
        for (var at = 0; at < counts.Length; at++) sums[at % sums.Length] += counts[at];
        return sums;
    }
}
