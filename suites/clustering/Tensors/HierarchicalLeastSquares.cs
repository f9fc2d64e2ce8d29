using Suites.Clustering.Spectra;

namespace Suites.Clustering.Tensors;

/// <summary>
/// Non-negative CP factors of a tensor of three modes by hierarchical alternating least squares (Cichocki and Phan, IEICE Transactions
/// E92-A, 2009): each vector in turn is the best one given all others, so that the squared error never rises. Entries that are held out are
/// set to what the factors say before each round, by which the error of the others does not rise either.
/// </summary>
/// <param name="tensor">Axes [one, two, three].</param>
/// <param name="sizes">Of the three modes.</param>
sealed class HierarchicalLeastSquares(ReadOnlyMemory<double> tensor, IReadOnlyList<int> sizes, CancellationToken cancellation)
{
    const int MostRounds = 300, FewestRounds = 10;
    const double Tolerance = 1e-5;

    readonly int _slice = sizes[1] * sizes[2];
    // The tensor, with what is held out filled in.
    readonly double[] _values = tensor.ToArray();

    /// <param name="heldOut">Whether the tube of all indices of mode two is held out, axes [one, three]; null: nothing is.</param>
    /// <returns>The factors, and the squared error of what is not held out after each round.</returns>
    public (Factors Factors, IReadOnlyList<double> Errors) Fit(Factors begin, bool[]? heldOut = null)
    {
        tensor.Span.CopyTo(_values);
        var (factors, errors) = (begin.Copy(), new List<double>());
        for (var round = 0; round < MostRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (heldOut is not null) Fill(factors, heldOut);
            Round(factors);
            errors.Add(SquaredError(factors, heldOut));
            if (round >= FewestRounds && errors[^2] - errors[^1] <= Tolerance * errors[^2]) break;
        }
        return (factors, errors);
    }

    /// <summary>Of the original tensor, where nothing is held out.</summary>
    public double SquaredError(Factors factors, bool[]? heldOut = null)
    {
        var (sum, tubes, rest) = (0.0, factors.Tubes(), new double[_slice]);
        for (var one = 0; one < sizes[0]; one++)
        {
            tensor.Span.Slice(one * _slice, _slice).CopyTo(rest);
            for (var r = 0; r < factors.Rank; r++) Subspace.AddScaled(rest, tubes[r], -factors.Modes[0][r][one]);
            for (var three = 0; three < sizes[2] && heldOut is not null; three++)
                for (var two = 0; two < sizes[1] && heldOut[one * sizes[2] + three]; two++) rest[two * sizes[2] + three] = 0;
            sum += Subspace.Dot(rest, rest);
        }
        return sum;
    }

    /// <summary>Of the original tensor in one tube, whether it is held out or not.</summary>
    public double TubeError(Factors factors, int one, int three)
    {
        var sum = 0.0;
        for (var two = 0; two < sizes[1]; two++)
        {
            var rest = tensor.Span[one * _slice + two * sizes[2] + three] - Value(factors, one, two, three);
            sum += rest * rest;
        }
        return sum;
    }

    void Fill(Factors factors, bool[] heldOut)
    {
        for (var one = 0; one < sizes[0]; one++)
            for (var three = 0; three < sizes[2]; three++)
                for (var two = 0; two < sizes[1] && heldOut[one * sizes[2] + three]; two++)
                    _values[one * _slice + two * sizes[2] + three] = Value(factors, one, two, three);
    }

    static double Value(Factors factors, int one, int two, int three)
    {
        var sum = 0.0;
        for (var r = 0; r < factors.Rank; r++) sum += factors.Modes[0][r][one] * factors.Modes[1][r][two] * factors.Modes[2][r][three];
        return sum;
    }

    void Round(Factors factors)
    {
        var tubes = factors.Tubes();
        Update(factors, 0, [.. tubes.Select(tube => Enumerable.Range(0, sizes[0])
            .Select(one => Subspace.Dot(_values.AsSpan(one * _slice, _slice), tube)).ToArray())]);
        double[][] sums = [.. factors.Modes[0].Select(Sum)];
        Update(factors, 1, [.. sums.Zip(factors.Modes[2], (sum, third) => Enumerable.Range(0, sizes[1])
            .Select(two => Subspace.Dot(sum.AsSpan(two * sizes[2], sizes[2]), third)).ToArray())]);
        Update(factors, 2, [.. sums.Zip(factors.Modes[1], OverTwo)]);
    }

    // The slices of the tensor, each times its entry of a vector of mode one.
    double[] Sum(double[] first)
    {
        var sum = new double[_slice];
        for (var one = 0; one < first.Length; one++) Subspace.AddScaled(sum, _values.AsSpan(one * _slice, _slice), first[one]);
        return sum;
    }

    double[] OverTwo(double[] sum, double[] second)
    {
        var products = new double[sizes[2]];
        for (var two = 0; two < second.Length; two++) Subspace.AddScaled(products, sum.AsSpan(two * sizes[2], sizes[2]), second[two]);
        return products;
    }

    // a_r = max(0, a_r + (m_r - Σ_s a_s g_sr) / g_rr), m the tensor times the other two vectors, g the product of their Gram matrices.
    static void Update(Factors factors, int mode, double[][] products)
    {
        var (one, other, vectors) = (factors.Gram((mode + 1) % 3), factors.Gram((mode + 2) % 3), factors.Modes[mode]);
        for (var r = 0; r < vectors.Length; r++)
        {
            var own = one[r, r] * other[r, r];
            // Another vector of the component is 0: nothing depends on this one.
            if (own == 0) continue;
            for (var s = 0; s < vectors.Length; s++) Subspace.AddScaled(products[r], vectors[s], -one[s, r] * other[s, r]);
            for (var at = 0; at < vectors[r].Length; at++) vectors[r][at] = Math.Max(0, vectors[r][at] + products[r][at] / own);
        }
    }
}
