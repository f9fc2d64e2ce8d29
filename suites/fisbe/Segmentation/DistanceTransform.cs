using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>Exact squared Euclidean distance to the nearest voxel outside (Felzenszwalb and Huttenlocher 2012), one axis after the
/// other.</summary>
static class DistanceTransform
{
    // Larger than any distance inside a volume, small enough to stay exact in double precision.
    const double Far = 1e12;

    /// <summary>0 outside; what lies beyond the volume counts as outside neither way. Squared voxels.</summary>
    public static double[] Squared(bool[] inside, VolumeShape shape)
    {
        var distance = Array.ConvertAll(inside, within => within ? Far : 0);
        foreach (var (length, stride) in new[] { (shape.Depth, shape.SliceVoxels), (shape.Height, shape.Width), (shape.Width, 1) })
        {
            var (line, hull, borders) = (new double[length], new int[length], new double[length + 1]);
            for (var start = 0; start < distance.Length; start += length * stride)
                for (var first = start; first < start + stride; first++)
                    Along(distance, first, stride, line, hull, borders);
        }
        return distance;
    }

    // The lower envelope of parabolas rooted at each voxel of a line.
    static void Along(double[] distance, int first, int stride, double[] line, int[] hull, double[] borders)
    {
        for (var at = 0; at < line.Length; at++) line[at] = distance[first + at * stride];
        var last = 0;
        (hull[0], borders[0], borders[1]) = (0, double.NegativeInfinity, double.PositiveInfinity);
        for (var at = 1; at < line.Length; at++)
        {
            double border;
            while ((border = Meeting(line, at, hull[last])) <= borders[last]) last--;
            last++;
            (hull[last], borders[last], borders[last + 1]) = (at, border, double.PositiveInfinity);
        }
        for (int at = 0, current = 0; at < line.Length; at++)
        {
            while (borders[current + 1] < at) current++;
            distance[first + at * stride] = line[hull[current]] + (double)(at - hull[current]) * (at - hull[current]);
        }
    }

    static double Meeting(double[] line, int right, int left) =>
        (line[right] + (double)right * right - (line[left] + (double)left * left)) / (2.0 * (right - left));
}
