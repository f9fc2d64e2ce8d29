using Harness.Datasets.Images;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Images of tasks as rows [samples, pixels], of mean 0 and variance 1 over the pixels of the first task.</summary>
sealed record TaskRows(Pixels Pixels, double Mean, double Deviation)
{
    /// <exception cref="TrainingFailedException">There are no samples of the first task, or they are all of one gray.</exception>
    public static TaskRows Of(IReadOnlyList<TaskImage> firstTask)
    {
        var pixels = Pixels.Of(new([.. firstTask.Select(sample => sample.Image)], []));
        double sum = 0, squares = 0;
        foreach (var sample in firstTask)
            foreach (var value in sample.Image.Pixels.Span)
            {
                var intensity = value / (double)byte.MaxValue;
                (sum, squares) = (sum + intensity, squares + intensity * intensity);
            }
        var count = (double)firstTask.Count * pixels.Count;
        var variance = squares / count - Math.Pow(sum / count, 2);
        if (!(variance > 0)) throw new TrainingFailedException("All pixels of the first task are equal; there is nothing to learn from.");
        return new(pixels, sum / count, Math.Sqrt(variance));
    }

    public Tensor Encode(IReadOnlyList<TaskImage> samples)
    {
        using var images = Pixels.Encode([.. samples.Select(sample => sample.Image)]);
        return images.flatten(1).sub_(Mean).div_(Deviation);
    }
}
