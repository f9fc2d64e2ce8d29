using Harness.Datasets;
using Harness.Datasets.Events;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>What two liquids answered to a sound and to the images beside it.</summary>
/// <param name="Images">[image][neuron]</param>
/// <param name="Label">Place of the right image.</param>
sealed record PairedShares(float[] Sound, float[][] Images, int Label)
{
    public static PairedShares[] Of(EventProbe<FrameSequence> sounds, EventProbe<LabeledImage> images,
        IReadOnlyList<SoundWithImages> samples, CancellationToken cancellation = default)
    {
        var heard = sounds.Shares([.. samples.Select(sample => sample.Sound)], cancellation);
        var seen = images.Shares([.. samples.SelectMany(sample => sample.Images)], cancellation);
        var (paired, first) = (new PairedShares[samples.Count], 0);
        for (var index = 0; index < paired.Length; index++)
        {
            var count = samples[index].Images.Count;
            paired[index] = new(heard[index], seen[first..(first + count)], samples[index].Label);
            first += count;
        }
        return paired;
    }

    /// <summary>Rows [rows, neurons] over <paramref name="largest"/>.</summary>
    public static Tensor Rows(IEnumerable<float[]> shares, float largest)
    {
        var rows = shares.ToArray();
        using var given = tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
        return given / largest;
    }
}
