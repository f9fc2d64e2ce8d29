using Harness.Datasets;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Tests.Spectra;

public sealed class LanczosTests
{
    static readonly PointTable Curls = PointTable.ForTraining(Points.Curls);

    // scipy 1.10.1, eigh of csgraph.laplacian(affinity, normed=True) of the curls: what is left to 1 of its six least.
    [Theory]
    [InlineData(0.2, 0.0, 0.08149794209224051, 0.18282823159419537, 0.5127097907975501, 0.6072505962116143, 0.7076336095212432)]
    [InlineData(1.0, 0.0, 0.008517547765730452, 0.017374923955264344, 0.07949228644038395, 0.09927777778061912, 0.15820555723738114)]
    [InlineData(0.0, 0.0, 0.0204897490425933, 0.09058676868227698, 0.20050071205809628, 0.28508381407796823, 0.40623448299836423)]
    public void Laplacians_have_the_eigenvalues_that_an_independent_implementation_finds(double gamma, params double[] expected)
    {
        IAffinity graph = gamma > 0 ? DenseAffinity.Gaussian(Curls, gamma, 1) : NeighborAffinity.Of(Curls, 10, 1);
        var pairs = Lanczos.Largest(new NormalizedAffinity(graph), 6, new Chance(1), CancellationToken.None);
        Assert.All(expected.Zip(pairs.Values), pair => Assert.Equal(pair.First, 1 - pair.Second, 1e-10));
    }

    // Far more vectors than the space holds, so that it is restarted; two of the eigenvalues are equal, and the rest lies close below.
    [Fact]
    public void Equal_eigenvalues_are_found_as_often_as_they_are_there()
    {
        var values = Enumerable.Range(0, 3000).Select(at => at < 2 ? 1 : at == 2 ? 0.999 : 0.998 * (1 - at / 3000.0)).ToArray();
        var pairs = Lanczos.Largest(new Diagonal(values), 4, new Chance(2), CancellationToken.None);
        Assert.All(values.Zip(pairs.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.All(pairs.Vectors, vector => Assert.Equal(1, vector.Sum(value => value * value), 1e-12));
        Assert.InRange(pairs.Vectors[0].Zip(pairs.Vectors[1]).Sum(pair => pair.First * pair.Second), -1e-12, 1e-12);
        Assert.All(pairs.Vectors.Take(2), vector => Assert.Equal(1, vector[0] * vector[0] + vector[1] * vector[1], 1e-9));
    }

    [Fact]
    public void A_map_to_nothing_and_one_of_a_single_vector_have_eigenvalues_too()
    {
        Assert.Equal([0.0, 0, 0], Lanczos.Largest(new Diagonal(new double[5]), 3, new Chance(1), CancellationToken.None).Values);
        Assert.Equal([7.0], Lanczos.Largest(new Diagonal([7]), 3, new Chance(1), CancellationToken.None).Values);
    }

    sealed class Diagonal(double[] values) : IOperator
    {
        public int Size => values.Length;

        public void Apply(ReadOnlySpan<double> vector, Span<double> image)
        {
            for (var at = 0; at < values.Length; at++) image[at] = values[at] * vector[at];
        }
    }
}
