using Harness.Datasets;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Tensors;

/// <summary>A sum of products of three vectors: T_ijk = Σ_r a_ri b_rj c_rk, all entries 0 or more.</summary>
/// <param name="Modes">For each of the three modes axes [component][index].</param>
sealed record Factors(double[][][] Modes)
{
    public int Rank => Modes[0].Length;

    /// <summary>Uniform draws.</summary>
    public static Factors Draw(IReadOnlyList<int> sizes, int rank, Chance chance) => new([.. sizes.Select(size =>
        Enumerable.Range(0, rank).Select(_ => Enumerable.Range(0, size).Select(_ => chance.Unit()).ToArray()).ToArray())]);

    public Factors Copy() => new([.. Modes.Select(mode => mode.Select(vector => (double[])vector.Clone()).ToArray())]);

    /// <summary>Products of all pairs of vectors of a mode, axes [component, component].</summary>
    public double[,] Gram(int mode)
    {
        var gram = new double[Rank, Rank];
        for (var one = 0; one < Rank; one++)
            for (var other = 0; other < Rank; other++) gram[one, other] = Subspace.Dot(Modes[mode][one], Modes[mode][other]);
        return gram;
    }

    /// <summary>Of each component the product of its second and third vector, axes [component][two, three].</summary>
    public double[][] Tubes() => [.. Enumerable.Range(0, Rank).Select(r =>
        Modes[1][r].SelectMany(two => Modes[2][r].Select(three => two * three)).ToArray())];
}
