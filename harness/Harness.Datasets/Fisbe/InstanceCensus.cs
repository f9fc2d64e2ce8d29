using System.Numerics;

namespace Harness.Datasets.Fisbe;

/// <summary>Counts the voxels of each instance, box by box, so that memory does not depend on the volume.</summary>
public static class InstanceCensus
{
    const int LeastBox = 1 << 20;

    /// <summary>Voxels for each id other than 0.</summary>
    public static IReadOnlyDictionary<T, long> Of<T>(IVolume<T> volume) where T : unmanaged, INumber<T>
    {
        var counts = new Dictionary<T, long>();
        foreach (var (offset, size) in Boxes(volume.Shape, volume.Chunk))
        {
            var values = new T[size.Aggregate(1, (product, length) => product * length)];
            volume.Read(offset, size, values);
            for (var i = 0; i < values.Length;)
            {
                var run = i + 1;
                while (run < values.Length && values[run] == values[i]) run++;
                if (values[i] != T.Zero) counts[values[i]] = counts.GetValueOrDefault(values[i]) + run - i;
                i = run;
            }
        }
        return counts;
    }

    /// <summary>Boxes that cover a volume: whole chunks, joined along the last axes until they are worth a call.</summary>
    public static IEnumerable<(int[] Offset, int[] Size)> Boxes(IReadOnlyList<int> shape, IReadOnlyList<int> chunk)
    {
        if (shape.Contains(0)) yield break;
        var step = chunk.ToArray();
        for (var axis = step.Length - 1; axis > 0
            && step.Aggregate(1L, (product, length) => product * length) < LeastBox; axis--) step[axis] = shape[axis];
        var offset = new int[step.Length];
        while (true)
        {
            yield return ([.. offset], [.. offset.Select((start, axis) => Math.Min(step[axis], shape[axis] - start))]);
            var turn = step.Length - 1;
            while (turn >= 0 && (offset[turn] += step[turn]) >= shape[turn]) offset[turn--] = 0;
            if (turn < 0) yield break;
        }
    }
}
