namespace Harness.Datasets.Events;

/// <summary>
/// How events become frames: <paramref name="Count"/> bins of <paramref name="Microseconds"/> each from time 0 on; later events are cut
/// off. <paramref name="AddressGroup"/> neighbouring addresses of a row share a channel. <paramref name="Binary"/>: any number is 1.
/// </summary>
public sealed record EventBins(int Count, int Microseconds, int AddressGroup = 1, bool Binary = false)
{
    /// <summary>Channels of one frame.</summary>
    public int Channels(EventGeometry geometry) => geometry.Polarities * geometry.Height * Columns(geometry);

    /// <summary>Counts per bin and channel, axes [bin, channel], saturating at 255.</summary>
    /// <exception cref="ArgumentException"><paramref name="counts"/> is not bins × channels long.</exception>
    public void Fill(EventSample sample, Span<byte> counts)
    {
        var (geometry, channels) = (sample.Geometry, Channels(sample.Geometry));
        if (counts.Length != Count * channels)
            throw new ArgumentException($"{counts.Length} counts for {Count} bins of {channels} channels; give {Count * channels}.",
                nameof(counts));
        counts.Clear();
        var (columns, perPolarity) = (Columns(geometry), channels / geometry.Polarities);
        foreach (var item in sample.Events.Span)
        {
            if (item.Microseconds < 0) continue;
            var bin = item.Microseconds / Microseconds;
            if (bin >= Count) continue;
            var place = AddressGroup == 1 ? item.Address : item.Address / geometry.Width * columns
                + item.Address % geometry.Width / AddressGroup;
            ref var cell = ref counts[bin * channels + (geometry.Polarities == 2 && item.Rising ? perPolarity : 0) + place];
            if (Binary) cell = 1;
            else if (cell < byte.MaxValue) cell++;
        }
    }

    /// <inheritdoc cref="Fill"/>
    public FrameSequence Frames(EventSample sample)
    {
        var channels = Channels(sample.Geometry);
        var counts = new byte[Count * channels];
        Fill(sample, counts);
        return new(counts, Count, channels, sample.Label);
    }

    int Columns(EventGeometry geometry) => (geometry.Width + AddressGroup - 1) / AddressGroup;
}
