using System.Numerics;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// What the neurons of a group follow: the part that is common to all of them, then the latent axes that each weighs for itself. Values
/// stand axis by axis over bins that are filled up with zeros to whole vectors; before them, the value from which the first bin comes.
/// </summary>
sealed class Trajectory(int axes, int bins)
{
    readonly int _stride = Padded(bins);

    public int Axes => axes;
    public int Bins => bins;

    /// <summary>Of one axis, of all bins and what fills them up.</summary>
    public Span<double> this[int axis] => Values.AsSpan(axis * _stride, _stride);

    public double[] Values { get; } = new double[axes * Padded(bins)];

    /// <summary>Axis [axis], before the first bin.</summary>
    public double[] Before { get; } = new double[axes];

    /// <summary>So many bins as whole vectors hold.</summary>
    public static int Padded(int bins) => (bins + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <param name="bin">-1 is before the first.</param>
    public double At(int axis, int bin) => bin < 0 ? Before[axis] : Values[axis * _stride + bin];

    public void Set(int axis, int bin, double value)
    {
        if (bin < 0) Before[axis] = value;
        else Values[axis * _stride + bin] = value;
    }

    public Trajectory Copy()
    {
        var copy = new Trajectory(axes, bins);
        Values.CopyTo(copy.Values, 0);
        Before.CopyTo(copy.Before, 0);
        return copy;
    }
}
