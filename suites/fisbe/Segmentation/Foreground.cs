using Suites.Fisbe.Learning;

namespace Suites.Fisbe.Segmentation;

/// <summary>Which voxels any neuron covers: those whose brightest channel, smoothed, exceeds a threshold.</summary>
/// <param name="Sigma">Standard deviation of the smoothing in voxels; 0 for none.</param>
sealed record Foreground(double Sigma, float Threshold)
{
    const int Steps = 200;

    /// <summary>The threshold with the largest Dice coefficient over all training voxels.</summary>
    /// <exception cref="TrainingFailedException">There are no neurons to learn from.</exception>
    public static Foreground Fit(IReadOnlyList<Specimen> specimens, double sigma)
    {
        if (!specimens.Any(specimen => specimen.Covered.Length > 0))
            throw new TrainingFailedException("The training volumes hold no neuron; a foreground threshold needs one.");
        var bright = specimens.Select(specimen => specimen.Image.Smooth(sigma).Brightness()).ToArray();
        var top = bright.Max(values => values.Max());
        int Step(float value) => Math.Clamp((int)(value / top * Steps), 0, Steps - 1);
        var (all, hit) = (new long[Steps], new long[Steps]);
        foreach (var (index, values) in bright.Index())
            for (var voxel = 0; voxel < values.Length; voxel++)
            {
                all[Step(values[voxel])]++;
                if (specimens[index].Owners[voxel] != 0) hit[Step(values[voxel])]++;
            }
        return new(sigma, Best(all, hit) * top / Steps);
    }

    public bool[] Of(Image image) => Array.ConvertAll(image.Smooth(Sigma).Brightness(), value => value >= Threshold);

    static int Best(long[] all, long[] hit)
    {
        var truth = hit.Sum();
        long above = 0, inside = 0;
        var (best, dice) = (0, 0.0);
        for (var step = Steps - 1; step >= 0; step--)
        {
            (above, inside) = (above + all[step], inside + hit[step]);
            if (2.0 * inside / (above + truth) is var now && now > dice) (best, dice) = (step, now);
        }
        return best;
    }
}
