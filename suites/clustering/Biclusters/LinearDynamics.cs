using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Linear dynamics of one state, x_t = A x_(t-1) + b + noise of covariance Q, kept in the form in which noise is white:
/// P x_t - R [x_(t-1); 1] is standard normal, P'P = Q^-1 and R = P [A b].
/// </summary>
sealed class LinearDynamics(int size)
{
    public int Size => size;

    /// <summary>P, axes [row, column].</summary>
    public double[] Whitening { get; } = new double[size * size];

    /// <summary>R, axes [row, column], the column of b last.</summary>
    public double[] Transition { get; } = new double[size * (size + 1)];

    /// <summary>log |det P|.</summary>
    public double LogVolume { get; set; }

    /// <summary>Log density of a step, without the constant of the normal distribution.</summary>
    /// <param name="before">x_(t-1) and a 1 behind it.</param>
    public double LogDensity(ReadOnlySpan<double> before, ReadOnlySpan<double> now)
    {
        var squares = 0.0;
        for (var row = 0; row < size; row++)
        {
            var whitening = Whitening.AsSpan(row * size, size);
            var transition = Transition.AsSpan(row * (size + 1), size + 1);
            var white = -transition[size] * before[size];
            for (var column = 0; column < size; column++) white += whitening[column] * now[column] - transition[column] * before[column];
            squares += white * white;
        }
        return LogVolume - 0.5 * squares;
    }

    /// <summary>Standing still but for noise of this deviation.</summary>
    public static LinearDynamics RandomWalk(int size, double deviation)
    {
        var walk = new LinearDynamics(size) { LogVolume = -size * Math.Log(deviation) };
        for (var axis = 0; axis < size; axis++)
            walk.Whitening[axis * (size + 1)] = walk.Transition[axis * (size + 2)] = 1 / deviation;
        return walk;
    }
}
