using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Draws [A b] and Q of one state given its steps: Q ~ inverse Wishart(ν0 = d + 2, S0 = 0.01 I), [A b] | Q ~ matrix normal(M0 = [I 0], Q,
/// K0 = I). All work is done in the buffers of one instance.
/// </summary>
sealed class DynamicsPosterior(int size)
{
    const double Scale = 0.01;

    // Kn = I + sum of z z', z = [x_(t-1); 1]; Cross = M0 K0 + sum of x_t z'; Squares = S0 + M0 K0 M0' + sum of x_t x_t'.
    readonly double[] _gram = new double[(size + 1) * (size + 1)], _cross = new double[size * (size + 1)];
    readonly double[] _squares = new double[size * size], _mean = new double[size * (size + 1)];
    readonly double[] _bartlett = new double[size * size], _row = new double[size + 1], _column = new double[size];
    int _steps;

    /// <summary>Forgets all steps.</summary>
    public void Clear()
    {
        (_steps, var wide) = (0, size + 1);
        _gram.AsSpan().Clear();
        _cross.AsSpan().Clear();
        _squares.AsSpan().Clear();
        for (var axis = 0; axis < size; axis++)
        {
            _gram[axis * (wide + 1)] = _cross[axis * (wide + 1)] = 1;
            _squares[axis * (size + 1)] = 1 + Scale;
        }
        _gram[^1] = 1;
    }

    /// <param name="before">x_(t-1) and a 1 behind it.</param>
    public void Add(ReadOnlySpan<double> before, ReadOnlySpan<double> now)
    {
        _steps++;
        for (var row = 0; row <= size; row++)
        {
            var value = before[row];
            var gram = _gram.AsSpan(row * (size + 1), row + 1);
            for (var column = 0; column <= row; column++) gram[column] += value * before[column];
        }
        for (var row = 0; row < size; row++)
        {
            var value = now[row];
            var cross = _cross.AsSpan(row * (size + 1), size + 1);
            var squares = _squares.AsSpan(row * size, row + 1);
            for (var column = 0; column <= size; column++) cross[column] += value * before[column];
            for (var column = 0; column <= row; column++) squares[column] += value * now[column];
        }
    }

    /// <summary>Draws dynamics; nothing can be added before the next <see cref="Clear"/>.</summary>
    public void Draw(LinearDynamics into, Chance chance)
    {
        Factor();
        for (var row = 0; row < size; row++)
        {
            _cross.AsSpan(row * (size + 1), size + 1).CopyTo(_mean.AsSpan(row * (size + 1)));
            Cholesky.SolveUpper(_gram, _mean.AsSpan(row * (size + 1), size + 1));
        }
        DrawBartlett(chance);
        into.LogVolume = 0.5 * (Cholesky.LogDeterminant(_bartlett, size) - Cholesky.LogDeterminant(_squares, size));
        DrawWhitening(into);
        DrawTransition(into, chance);
    }

    void Factor()
    {
        Cholesky.Factor(_gram, size + 1);
        // Rows of W = Cross L^-T, so that Mn = W L^-1 and Mn Kn Mn' = W W'.
        for (var row = 0; row < size; row++) Cholesky.SolveLower(_gram, _cross.AsSpan(row * (size + 1), size + 1));
        for (var row = 0; row < size; row++)
            for (var column = 0; column <= row; column++)
                for (var at = 0; at <= size; at++)
                    _squares[row * size + column] -= _cross[row * (size + 1) + at] * _cross[column * (size + 1) + at];
        Cholesky.Factor(_squares, size);
    }

    // Wishart(ν, I) = B B' (Bartlett 1933).
    void DrawBartlett(Chance chance)
    {
        _bartlett.AsSpan().Clear();
        double freedom = size + 2 + _steps;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < row; column++) _bartlett[row * size + column] = chance.Normal();
            _bartlett[row * (size + 1)] = Math.Sqrt(2 * chance.Gamma(0.5 * (freedom - row)));
        }
    }

    // P = B' C^-1 where the posterior's scale is C C': then P'P is Wishart(ν, Sn^-1).
    void DrawWhitening(LinearDynamics into)
    {
        for (var row = 0; row < size; row++)
        {
            // A row of B' C^-1 solves C' x = column of B.
            for (var at = 0; at < size; at++) _column[at] = _bartlett[at * size + row];
            Cholesky.SolveUpper(_squares, _column);
            _column.CopyTo(into.Whitening.AsSpan(row * size));
        }
    }

    // R = P Mn + Z L^-1, Z standard normal.
    void DrawTransition(LinearDynamics into, Chance chance)
    {
        for (var row = 0; row < size; row++)
        {
            for (var at = 0; at <= size; at++) _row[at] = chance.Normal();
            Cholesky.SolveUpper(_gram, _row);
            for (var axis = 0; axis < size; axis++)
            {
                var weight = into.Whitening[row * size + axis];
                var mean = _mean.AsSpan(axis * (size + 1), size + 1);
                for (var at = 0; at <= size; at++) _row[at] += weight * mean[at];
            }
            _row.CopyTo(into.Transition.AsSpan(row * (size + 1)));
        }
    }
}
