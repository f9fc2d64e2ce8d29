using Harness.Datasets;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>
/// Shows samples to a settled liquid, each for <paramref name="steps"/> ms, from its settled weights and at rest, so that samples do not
/// see each other.
/// </summary>
/// <param name="threads">How many copies of the liquid work at a time; what they answer does not depend on it.</param>
sealed class LiquidShow(LiquidWiring wiring, Liquid settled, ImageCurrents currents, int steps, int seed, int threads)
{
    public LiquidWiring Wiring => wiring;
    public int Steps => steps;

    public LiquidResponse[] Responses(IReadOnlyList<LabeledImage> images, CancellationToken cancellation = default)
    {
        var responses = new LiquidResponse[images.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, images.Count, options, () => (settled.Settled(), new LiquidVitals(wiring)), (index, _, place) =>
        {
            responses[index] = Show(place.Item1, images[index], place.Item2);
            return place;
        }, _ => { });
        return responses;
    }

    /// <summary>The same, and what it took; <paramref name="vitals"/> sees every step.</summary>
    public (LiquidResponse[] Responses, long Events, long Changes) Watched(IReadOnlyList<LabeledImage> images, LiquidVitals vitals)
    {
        var liquid = settled.Settled();
        LiquidResponse[] responses = [.. images.Select(image => Show(liquid, image, vitals))];
        return (responses, liquid.Work.Events, liquid.Work.Changes);
    }

    LiquidResponse Show(Liquid liquid, LabeledImage image, LiquidVitals vitals)
    {
        liquid.Begin();
        vitals.Clear();
        liquid.Show(currents.Probabilities(image), steps, cool: true, ImageCurrents.Chance(image, seed), vitals.See);
        var counts = vitals.Counts.ToArray();
        var total = Math.Max(1, counts.Sum());
        return new(Array.ConvertAll(counts, count => (float)count / total), image.Label);
    }
}
