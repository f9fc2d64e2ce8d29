using Harness.Datasets;
using MathNet.Numerics.LinearAlgebra;

namespace Suites.Clustering.Spectra;

/// <summary>Eigenvalues from the largest down, and their eigenvectors of length 1, axes [eigenvector, coordinate].</summary>
sealed record EigenPairs(double[] Values, double[][] Vectors);

/// <summary>
/// The largest eigenvalues of a symmetric map by Lanczos's method (1950) with a band of as many starting vectors as are wanted (Ruhe 1979),
/// so that equal eigenvalues are found as often as they are there, kept orthogonal, and restarted from the best of the space so far (Wu and
/// Simon 2000), so that memory stays bounded.
/// </summary>
sealed class Lanczos
{
    // Of the eigenvalue of largest size that was seen.
    const double Tolerance = 1e-10;
    const int MostRestarts = 400;

    readonly IOperator _operator;
    readonly int _wanted;
    readonly int _most;
    readonly Subspace _space;
    // What the map is in the space: of the first _done vectors every entry is known.
    readonly double[,] _inside;
    int _done;

    Lanczos(IOperator symmetric, int wanted, Chance chance)
    {
        (_operator, _wanted) = (symmetric, Math.Min(wanted, symmetric.Size));
        _most = Math.Min(symmetric.Size, Math.Max(6 * _wanted, 160));
        _space = new(symmetric.Size, chance);
        _inside = new double[_most + _wanted, _most + _wanted];
        for (var at = 0; at < _wanted; at++) _space.AddDrawn();
    }

    /// <param name="wanted">How many eigenvalues; fewer where there are no more.</param>
    /// <param name="chance">Draws where the search begins.</param>
    /// <exception cref="TrainingFailedException">They lie too close together to be told apart within the most restarts.</exception>
    public static EigenPairs Largest(IOperator symmetric, int wanted, Chance chance, CancellationToken cancellation)
    {
        var search = new Lanczos(symmetric, wanted, chance);
        for (var restart = 0; restart < MostRestarts; restart++)
            for (var stop = search._done + search._wanted; ; stop *= 2)
            {
                cancellation.ThrowIfCancellationRequested();
                search.Extend(Math.Min(stop, search._most));
                var (values, weights) = search.Inside();
                if (search.Rest(weights) <= Tolerance * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1])))
                    return search.Pairs(values, weights);
                if (search._done < search._most) continue;
                search.Restart(values, weights);
                break;
            }
        throw new TrainingFailedException($"{wanted} eigenvalues of a map of {symmetric.Size} vectors were not found in {MostRestarts} "
            + "restarts: they lie too close together. Take more neighbours, or another width of the affinity.");
    }

    void Extend(int until)
    {
        for (; _done < until; _done++)
        {
            var image = new double[_operator.Size];
            _operator.Apply(_space[_done], image);
            foreach (var (at, part) in _space.Add(image).Index()) _inside[at, _done] = _inside[_done, at] = part;
        }
    }

    // Eigenvalues of the map inside the space, the largest first, and of each its vector over the first vectors of the space.
    (double[] Values, double[][] Weights) Inside()
    {
        var symmetric = Matrix<double>.Build.Dense(_done, _done, (row, column) => _inside[row, column]).Evd(Symmetricity.Symmetric);
        return ([.. symmetric.EigenValues.Select(value => value.Real).Reverse()],
            [.. symmetric.EigenVectors.EnumerateColumns().Reverse().Select(column => column.ToArray())]);
    }

    // The longest part by which the map leads one of the wanted vectors out of the space.
    double Rest(double[][] weights) => weights.Take(_wanted).Max(weight =>
        Math.Sqrt(Enumerable.Range(_done, _space.Count - _done).Sum(row => Math.Pow(Outside(row, weight), 2))));

    double Outside(int row, double[] weight)
    {
        var sum = 0.0;
        for (var at = 0; at < weight.Length; at++) sum += _inside[row, at] * weight[at];
        return sum;
    }

    EigenPairs Pairs(double[] values, double[][] weights)
    {
        double[][] wanted = weights[..Math.Min(_wanted, weights.Length)];
        _space.Mix(wanted);
        return new(values[..wanted.Length], [.. Enumerable.Range(0, wanted.Length).Select(at => _space[at].ToArray())]);
    }

    // The better half of the space stays; what leads out of it is known.
    void Restart(double[] values, double[][] weights)
    {
        var keep = Math.Max(_wanted + 1, Math.Min(_most / 2, _most - _wanted));
        var (kept, outside) = (weights[..keep], _space.Count - _done);
        var parts = new double[outside, keep];
        for (var row = 0; row < outside; row++)
            for (var at = 0; at < keep; at++) parts[row, at] = Outside(_done + row, kept[at]);
        _space.Mix(kept);
        Array.Clear(_inside);
        for (var at = 0; at < keep; at++)
        {
            _inside[at, at] = values[at];
            for (var row = 0; row < outside; row++) _inside[keep + row, at] = _inside[at, keep + row] = parts[row, at];
        }
        _done = keep;
    }
}
