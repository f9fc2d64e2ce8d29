using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Clustering;

/// <summary>MNIST's test images as points, one coordinate a pixel: few enough to train a network on them in minutes.</summary>
public static class ImagePoints
{
    const int Images = 10_000;

    public static ReferencePoints Mnist10K { get; } = Create("mnist-10k", "MNIST's test images as points", every: 1);

    public static ReferencePoints Mnist5K { get; } = Create("mnist-5k", "Every second one of MNIST's test images as points", every: 2);

    public static IReadOnlyList<ReferencePoints> All { get; } = [Mnist10K, Mnist5K];

    static ReferencePoints Create(string id, string title, int every)
    {
        var source = new Mnist().Card;
        IReadOnlyList<DataFile> files = [.. source.Files.Skip(2)];
        return new(new(id, 1, title)
        {
            Licence = source.Licence,
            Citation = source.Citation,
            Encoding = "float64 [784 dimension], 28 rows of 28 pixels, intensity 0..1, black background",
            SplitRule = (every == 1 ? "" : $"image 0, {every}, {2 * every}, ... of the file; ") + ReferencePoints.SplitRule,
            Classes = source.Classes,
            Metrics = ["adjusted-rand-index@1"],
            Counts = ReferencePoints.Counts(Images / every),
            Files = files,
        }, cache => Read(cache, files).Where((_, place) => place % every == 0));
    }

    static IEnumerable<LabeledPoint> Read(DirectoryInfo cache, IReadOnlyList<DataFile> files)
    {
        var images = Idx.Read(FileStore.Require(cache, files[0]), rank: 3);
        var labels = Idx.Read(FileStore.Require(cache, files[1]), rank: 1);
        if (images.Shape[0] != labels.Shape[0])
            throw new DataFormatException(files[0].Name, $"{images.Shape[0]} images but {labels.Shape[0]} labels");
        var pixels = images.Shape[1] * images.Shape[2];
        return Enumerable.Range(0, images.Shape[0])
            .Select(at => new LabeledPoint(Intensities(images.Values.Span.Slice(at * pixels, pixels)), labels.Values.Span[at]));
    }

    static double[] Intensities(ReadOnlySpan<byte> pixels)
    {
        var values = new double[pixels.Length];
        for (var at = 0; at < values.Length; at++) values[at] = pixels[at] / (double)byte.MaxValue;
        return values;
    }
}
