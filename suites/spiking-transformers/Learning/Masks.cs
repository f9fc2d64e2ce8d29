using Harness.Datasets;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>Images with masks as [samples, channels, rows, columns], intensity 0..1.</summary>
sealed record MaskPixels(int Channels, int Height, int Width) : IEncoder<MaskedImage>
{
    public static MaskPixels Of(TrainingData<MaskedImage> data) => data.Training.Count == 0
        ? throw new TrainingFailedException("There are no training images; a segmentation needs at least one.")
        : new(data.Training[0].Channels, data.Training[0].Height, data.Training[0].Width);

    public Tensor Encode(IReadOnlyList<MaskedImage> samples)
    {
        using var bytes = zeros([samples.Count, Channels, Height, Width], uint8);
        var length = Channels * Height * Width;
        for (var index = 0; index < samples.Count; index++)
            Fitting(samples[index]).CopyTo(bytes.bytes.Slice(index * length, length));
        return bytes.to(float32).div_(byte.MaxValue);
    }

    public Tensor EncodeVaried(IReadOnlyList<MaskedImage> samples, SampleOrder chance) => Encode(samples);

    ReadOnlySpan<byte> Fitting(MaskedImage image) => (image.Channels, image.Height, image.Width) == (Channels, Height, Width)
        ? image.Pixels.Span
        : throw new HarnessException($"An image is [{image.Channels}, {image.Height}, {image.Width}], but the model was made for "
            + $"[{Channels}, {Height}, {Width}]; give all images of a dataset one size.");
}

/// <summary>Logits of pixels out of those of tokens: each token has one for every pixel of its patch.</summary>
static class PixelLogits
{
    /// <summary>[samples, rows, columns, patch x patch] to [samples, rows x patch, columns x patch].</summary>
    public static Tensor Of(Tensor tokens, int patch) => tokens.unflatten(3, patch, patch).permute(0, 1, 3, 2, 4)
        .reshape(tokens.shape[0], tokens.shape[1] * patch, tokens.shape[2] * patch);

    public static IReadOnlyList<MaskPrediction> Read(Tensor tokens, int patch)
    {
        var logits = Of(tokens, patch).gt(0).contiguous();
        var size = (int)(logits.shape[1] * logits.shape[2]);
        var all = logits.data<bool>().ToArray();
        return [.. Enumerable.Range(0, (int)logits.shape[0]).Select(sample => MaskPrediction.Of(all.AsSpan(sample * size, size)))];
    }
}

/// <summary>
/// Foreground or not, pixel by pixel: cross entropy plus what is missing of the overlap 2 |A B| / (|A| + |B|), as foreground is rare.
/// </summary>
sealed class MaskObjective(nn.Module<Tensor, Tensor> network, MaskPixels encoder, int patch) : IObjective<MaskedImage>
{
    public Tensor Loss(IReadOnlyList<MaskedImage> batch, int epoch, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var logits = PixelLogits.Of(network.forward(encoder.EncodeVaried(batch, chance)), patch);
        var masks = stack(batch.Select(image => tensor(image.Mask.ToArray()).view(encoder.Height, encoder.Width))).to(float32);
        var entropy = nn.functional.binary_cross_entropy_with_logits(logits, masks);
        var share = logits.sigmoid();
        var overlap = ((share * masks).sum() * 2 + 1) / (share.sum() + masks.sum() + 1);
        return (entropy + 1 - overlap).MoveToOuterDisposeScope();
    }

    public double Score(IReadOnlyList<MaskedImage> samples, CancellationToken cancellation)
    {
        var (both, either) = (0L, 0L);
        foreach (var batch in samples.Chunk(Classifier.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var mode = inference_mode();
            using var scope = NewDisposeScope();
            var found = PixelLogits.Read(network.forward(encoder.Encode(batch)), patch);
            foreach (var (image, mask) in batch.Zip(found))
                for (var pixel = 0; pixel < image.Mask.Length; pixel++)
                {
                    var (one, other) = (image.Mask.Span[pixel] == 1, mask[pixel]);
                    both += one && other ? 1 : 0;
                    either += one || other ? 1 : 0;
                }
        }
        return either == 0 ? 1 : (double)both / either;
    }
}
