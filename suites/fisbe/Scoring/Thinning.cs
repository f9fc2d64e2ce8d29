using System.Numerics;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>
/// Medial-axis thinning of Lee, Kashyap and Chu (CVGIP 56(6), 1994), voxel for voxel as scikit-image's <c>skeletonize</c> of a 3-D image.
/// In turn for each face direction, border voxels that are no end point, keep the Euler characteristic and are simple are collected in
/// raster order and then taken away one after the other, unless one has ceased to be simple.
/// </summary>
static class Thinning
{
    // The order of the directions decides which voxels remain; a flat volume is not thinned along z.
    enum Face { BeforeY, AfterY, AfterX, BeforeX, AfterZ, BeforeZ }

    /// <summary>The skeleton's voxels, ascending; empty where thinning leaves nothing, as it can for a few tiny shapes.</summary>
    public static int[] Skeleton(Mask mask, VolumeShape shape)
    {
        if (mask.Count == 0) return [];
        var volume = new BitVolume(mask, shape);
        var occupied = Occupied(volume);
        var candidates = new List<int>();
        Face[] faces = shape.Depth == 1
            ? [Face.BeforeY, Face.AfterY, Face.AfterX, Face.BeforeX]
            : [Face.BeforeY, Face.AfterY, Face.AfterX, Face.BeforeX, Face.AfterZ, Face.BeforeZ];
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var face in faces)
            {
                Collect(volume, occupied, face, candidates);
                changed |= Remove(volume, candidates);
            }
            occupied.RemoveAll(word => volume.Words[word] == 0);
        }
        return Remaining(volume, occupied);
    }

    static List<int> Occupied(BitVolume volume)
    {
        var words = new List<int>();
        for (var word = 0; word < volume.Words.Length; word++)
            if (volume.Words[word] != 0) words.Add(word);
        return words;
    }

    static void Collect(BitVolume volume, List<int> occupied, Face face, List<int> candidates)
    {
        candidates.Clear();
        foreach (var word in occupied)
            for (var border = volume.Words[word] & ~Beside(volume, word, face); border != 0; border &= border - 1)
            {
                var bit = (word << 6) + BitOperations.TrailingZeroCount(border);
                if (Neighbourhood.IsDeletable(volume.Neighbourhood(bit))) candidates.Add(bit);
            }
    }

    // What lies beside each of the 64 voxels of a word in one direction.
    static ulong Beside(BitVolume volume, int word, Face face)
    {
        var words = volume.Words;
        return face switch
        {
            Face.BeforeX => words[word] << 1 | words[word - 1] >> 63,
            Face.AfterX => words[word] >> 1 | words[word + 1] << 63,
            Face.BeforeY => words[word - volume.RowWords],
            Face.AfterY => words[word + volume.RowWords],
            Face.BeforeZ => words[word - volume.SliceWords],
            _ => words[word + volume.SliceWords],
        };
    }

    static bool Remove(BitVolume volume, List<int> candidates)
    {
        var removed = false;
        foreach (var bit in candidates)
        {
            if (!Neighbourhood.IsSimple(volume.Neighbourhood(bit))) continue;
            volume.Clear(bit);
            removed = true;
        }
        return removed;
    }

    static int[] Remaining(BitVolume volume, List<int> occupied)
    {
        var voxels = new List<int>();
        foreach (var word in occupied)
            for (var bits = volume.Words[word]; bits != 0; bits &= bits - 1)
                voxels.Add(volume.Voxel((word << 6) + BitOperations.TrailingZeroCount(bits)));
        return [.. voxels];
    }
}
