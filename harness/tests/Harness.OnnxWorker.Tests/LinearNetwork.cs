using System.Runtime.InteropServices;
using Harness.Datasets;

namespace Harness.OnnxWorker.Tests;

/// <summary>A network that multiplies the values of an image by a matrix, as an ONNX file and as a plain loop.</summary>
sealed record LinearNetwork(int Channels, int Side, int Classes)
{
    public static LinearNetwork Small { get; } = new(2, 3, 5);

    public int Inputs => Channels * Side * Side;

    // No symmetry of the images cancels them out.
    public float[] Weights =>
        [.. Enumerable.Range(0, Inputs * Classes).Select(at => (float)Math.Sin(0.37 * at + 0.11 * (at % Classes)))];

    public byte[] WeightBytes => MemoryMarshal.AsBytes(Weights.AsSpan()).ToArray();

    public OnnxBuilder File(int? batch = null, long operatorSet = 13) =>
        WithoutWeights(batch, operatorSet).Weights("w", Weights, Inputs, Classes);

    public OnnxBuilder WithoutWeights(int? batch = null, long operatorSet = 13) =>
        new OnnxBuilder { OperatorSet = operatorSet }.Input("image", batch, Channels, Side, Side).Node("Flatten", ["image"], "flat")
            .Node("MatMul", ["flat", "w"], "scores").Output("scores", batch, Classes);

    public IReadOnlyList<LabeledImage> Images(int count)
    {
        var chance = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var pixels = new byte[Inputs];
            chance.NextBytes(pixels);
            return new LabeledImage(pixels, Channels, Side, Side, -1);
        })];
    }

    /// <summary>Scores in float64 of values x / 255, less the mean and by the deviation of the channel.</summary>
    public double[] Scores(LabeledImage image, double[]? mean = null, double[]? deviation = null)
    {
        var scores = new double[Classes];
        for (var pixel = 0; pixel < Inputs; pixel++)
        {
            var channel = pixel / (Side * Side);
            var value = (image.Pixels.Span[pixel] / 255.0 - (mean?[channel] ?? 0)) / (deviation?[channel] ?? 1);
            for (var at = 0; at < Classes; at++) scores[at] += value * Weights[pixel * Classes + at];
        }
        return scores;
    }
}
