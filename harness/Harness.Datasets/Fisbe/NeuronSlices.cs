namespace Harness.Datasets.Fisbe;

/// <summary>
/// Slices of synthetic neuron images with their foreground: is there any neuron at this pixel? A task for heads of networks, not FISBe's.
/// </summary>
public sealed class NeuronSlices : IDataset<MaskedImage>
{
    // Slices that lie further apart than a neuron is thick.
    const int Apart = 4, Brightest = 4095;

    static readonly FisbeSynth Source = FisbeSynth.Small;

    public DatasetCard Card { get; } = Source.Card with
    {
        Id = "neuron-slices",
        Title = "Slices of synthetic neurons, foreground",
        Encoding = "uint8 [3 channel, 48 row, 48 column], intensity 0..255 of 0..4095; mask [row, column], 1 where any neuron is",
        SplitRule = $"every {Apart}th slice of each image of {Source.Card.Protocol}; {Source.Card.SplitRule}",
        VariantOf = Source.Card.Protocol,
        Metrics = ["foreground-iou@1"],
        Counts = Source.Card.Counts.ToDictionary(count => count.Key, count => count.Value * 24 / Apart),
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => Source.FetchAsync(cache, cancellation);

    public IEnumerable<MaskedImage> Read(DirectoryInfo cache, Split split)
    {
        foreach (var volume in Source.Read(cache, split))
            using (volume)
                for (var slice = Apart / 2; slice < volume.Raw.Shape[1]; slice += Apart)
                    yield return Slice(volume, slice);
    }

    static MaskedImage Slice(NeuronVolume volume, int slice)
    {
        var (channels, height, width) = (volume.Raw.Shape[0], volume.Raw.Shape[2], volume.Raw.Shape[3]);
        var raw = new ushort[channels * height * width];
        volume.Raw.Read([0, slice, 0, 0], [channels, 1, height, width], raw);
        var layers = volume.Instances!.Shape[0];
        var instances = new ushort[layers * height * width];
        volume.Instances.Read([0, slice, 0, 0], [layers, 1, height, width], instances);
        var mask = new byte[height * width];
        for (var at = 0; at < instances.Length; at++)
            if (instances[at] != 0) mask[at % mask.Length] = 1;
        return new(Array.ConvertAll(raw, value => (byte)(value * byte.MaxValue / Brightest)), channels, height, width, mask);
    }
}
