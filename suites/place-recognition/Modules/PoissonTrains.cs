using Harness.Torch;

namespace Suites.PlaceRecognition.Modules;

/// <summary>Poisson trains of pixels: in each step a pixel fires with its own probability; drawn from spike to spike.</summary>
sealed class PoissonTrains
{
    readonly double[] silence;
    readonly int[] next;
    readonly SampleOrder chance;

    /// <param name="intensities">[pixel], 0..255.</param>
    /// <param name="start">The first step.</param>
    public PoissonTrains(ReadOnlySpan<float> intensities, int start, SampleOrder chance)
    {
        this.chance = chance;
        (silence, next) = (new double[intensities.Length], new int[intensities.Length]);
        for (var pixel = 0; pixel < intensities.Length; pixel++)
        {
            // 1 / ln of the probability that a step is silent.
            var probability = intensities[pixel] / 255 * ModuleRules.MostRate * ModuleRules.Step / 1000;
            silence[pixel] = probability > 0 ? 1 / Math.Log(1 - probability) : double.NegativeInfinity;
            next[pixel] = After(pixel, start);
        }
    }

    /// <summary>Adds the pixels that fire in <paramref name="step"/>; steps are asked for one after another.</summary>
    public void Take(int step, List<int> fired)
    {
        for (var pixel = 0; pixel < next.Length; pixel++)
        {
            if (next[pixel] != step) continue;
            fired.Add(pixel);
            next[pixel] = After(pixel, step + 1);
        }
    }

    int After(int pixel, int step)
    {
        if (double.IsInfinity(silence[pixel])) return int.MaxValue;
        return (int)Math.Min(int.MaxValue, step + Math.Floor(Math.Log(1 - chance.Unit()) * silence[pixel]));
    }
}
