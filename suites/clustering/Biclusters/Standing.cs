using MathNet.Numerics.LinearAlgebra;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Of all trajectories and loadings that say the same, those that stand: each axis has mean 0, latent axes are orthogonal, the longest
/// first, and none is turned against what it was. Nothing that is said of counts changes.
/// </summary>
static class Standing
{
    public static void Put(GroupedNeurons neurons)
    {
        foreach (var group in neurons.Groups)
        {
            IReadOnlyList<double[]> followers = [.. group.Modes, .. neurons.Loadings.Where((_, neuron) => neurons.Of[neuron] == group)];
            Center(group.Trajectory, followers);
            if (group.Trajectory.Axes > 2) Turn(group.Trajectory, followers);
        }
    }

    // What is taken from an axis is given to the offsets of those that follow it.
    static void Center(Trajectory trajectory, IReadOnlyList<double[]> followers)
    {
        for (var axis = 0; axis < trajectory.Axes; axis++)
        {
            var values = trajectory[axis][..trajectory.Bins];
            var mean = 0.0;
            foreach (var value in values) mean += value / trajectory.Bins;
            foreach (ref var value in values) value -= mean;
            trajectory.Before[axis] -= mean;
            foreach (var loadings in followers) loadings[0] += mean * (axis == 0 ? 1 : loadings[axis]);
        }
    }

    // By the eigenvectors of the latent axes' products: X = U S V' becomes U S, loadings are turned alike.
    static void Turn(Trajectory trajectory, IReadOnlyList<double[]> followers)
    {
        var latent = trajectory.Axes - 1;
        var vectors = Matrix<double>.Build.Dense(latent, latent, (row, column) =>
            Spectra.Subspace.Dot(trajectory[row + 1], trajectory[column + 1])).Evd(Symmetricity.Symmetric).EigenVectors;
        var (old, turned) = (new double[latent], new double[latent]);
        for (var bin = -1; bin < trajectory.Bins; bin++)
        {
            for (var axis = 0; axis < latent; axis++) old[axis] = trajectory.At(axis + 1, bin);
            Apply(vectors, old, turned);
            for (var axis = 0; axis < latent; axis++) trajectory.Set(axis + 1, bin, turned[axis]);
        }
        foreach (var loadings in followers)
        {
            loadings.AsSpan(1).CopyTo(old);
            Apply(vectors, old, turned);
            turned.CopyTo(loadings.AsSpan(1));
        }
    }

    // Eigenvalues rise, so that the last vector is the first axis; each is turned to where it has more of that axis than of its negative.
    static void Apply(Matrix<double> vectors, double[] old, double[] turned)
    {
        var latent = old.Length;
        for (var axis = 0; axis < latent; axis++)
        {
            var (column, sum) = (latent - 1 - axis, 0.0);
            for (var row = 0; row < latent; row++) sum += vectors[row, column] * old[row];
            turned[axis] = vectors[axis, column] < 0 ? -sum : sum;
        }
    }
}
