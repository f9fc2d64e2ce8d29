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
            var (liquid, vitals) = place;
            Show(liquid, images[index], vitals);
            var total = Math.Max(1, vitals.Counts.ToArray().Sum());
            responses[index] = new(Array.ConvertAll(vitals.Counts.ToArray(), count => (float)count / total), images[index].Label);
            return place;
        }, _ => { });
        return responses;
    }

    /// <summary>What showing them takes; <paramref name="vitals"/> sees every step.</summary>
    public (long Events, long Changes) Work(IReadOnlyList<LabeledImage> images, LiquidVitals vitals)
    {
        var liquid = settled.Settled();
        foreach (var image in images) Show(liquid, image, vitals);
        return liquid.Work;
    }

    void Show(Liquid liquid, LabeledImage image, LiquidVitals vitals)
    {
        liquid.Begin();
        vitals.Clear();
        liquid.Show(currents.Probabilities(image), steps, cool: true, ImageCurrents.Chance(image, seed), vitals.See);
    }
}
