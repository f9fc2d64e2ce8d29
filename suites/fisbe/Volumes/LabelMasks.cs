namespace Suites.Fisbe.Volumes;

/// <summary>The voxels of one label in one channel.</summary>
public sealed record LabelMask(int Channel, int Label, Mask Mask);

/// <summary>Gathers, in one pass over a label volume, the voxels of every label as runs.</summary>
public static class LabelMasks
{
    /// <summary>The labels of every channel, by channel and label ascending, cut to a centred window of the size <paramref name="window"/>.
    /// </summary>
    /// <param name="advanced">Called after each slice.</param>
    public static IReadOnlyList<LabelMask> Read(ILabelVolume volume, VolumeShape window, Action? advanced, CancellationToken cancellation)
    {
        var builders = new Dictionary<(int Channel, int Label), Mask.Builder>();
        foreach (var slice in volume.Slices())
        {
            cancellation.ThrowIfCancellationRequested();
            Gather(slice, volume.Shape, window, builders);
            advanced?.Invoke();
        }
        return [.. builders.OrderBy(entry => entry.Key)
            .Select(entry => new LabelMask(entry.Key.Channel, entry.Key.Label, entry.Value.Build()))];
    }

    static void Gather(LabelSlice slice, VolumeShape shape, VolumeShape window, Dictionary<(int Channel, int Label), Mask.Builder> builders)
    {
        var z = slice.Z - (shape.Depth - window.Depth) / 2;
        if (z < 0 || z >= window.Depth) return;
        var (top, left) = ((shape.Height - window.Height) / 2, (shape.Width - window.Width) / 2);
        var (last, builder) = (0, default(Mask.Builder));
        for (var y = 0; y < window.Height; y++)
        {
            var row = slice.Labels.Span.Slice((y + top) * shape.Width + left, window.Width);
            for (var x = Next(row, 0, 0); x < row.Length;)
            {
                var label = row[x];
                if (label != last) builder = Builder(builders, (slice.Channel, label));
                last = label;
                var end = Next(row, x, label);
                builder!.Add(window.Number(z, y, x), end - x);
                x = Next(row, end, 0);
            }
        }
    }

    static Mask.Builder Builder(Dictionary<(int Channel, int Label), Mask.Builder> builders, (int Channel, int Label) key)
    {
        if (builders.TryGetValue(key, out var builder)) return builder;
        return builders[key] = new();
    }

    // The first place from `start` on that holds anything but the label.
    static int Next(ReadOnlySpan<int> row, int start, int label) =>
        row[start..].IndexOfAnyExcept(label) is var found and >= 0 ? start + found : row.Length;
}
