using Suites.LlmEdge.Pruning;

namespace Suites.LlmEdge.Tests.Pruning;

/// <summary>Golden numbers: NumPy 1.24.2, the definitions written with dense matrices.</summary>
public sealed class OneShotTests
{
    const int Rows = 3, Width = 8, Inputs = 20;

    static readonly float[] Weights = [.. Enumerable.Range(0, Rows * Width).Select(i => (float)Math.Sin(1.7 * i + 0.3))];
    static readonly double[][] X = [.. Enumerable.Range(0, Inputs).Select(Row)];

    [Fact]
    public void Wanda_compares_within_a_row()
    {
        float[] norms = [.. Enumerable.Range(0, Width).Select(j => (float)Math.Sqrt(X.Sum(row => row[j] * row[j])))];
        var scores = Scores.Wanda(new("", Rows, Width, [.. Weights]), norms);
        Assert.Equal([0, 1, 2, 4, 8, 9, 11, 13, 16, 18, 20, 22], Places(Cut.Lowest(scores, Width, 0.5)));
    }

    [Theory]
    [InlineData(4, new[] { 0, 2, 4, 5, 9, 11, 12, 13, 16, 18, 20, 21 }, new[] { 0, 0.91368, 0, -0.818835, 0, 0, 0.121874, -1.260888,
        0.972008, 0, -0.993145, 0, 0, 0, -1.197986, 0.401237, 0, -0.788651, 0, 0.870683, 0, 0, -0.75454, 1.557406 })]
    [InlineData(128, new[] { 0, 2, 3, 4, 9, 11, 13, 16, 17, 18, 20, 22 }, new[] { 0, 0.91368, 0, 0, 0, 0.911863, -0.57586, -0.362461,
        0.972008, 0, -0.993145, 0, 0.967734, 0, -1.353381, 0.907734, 0, 0, 0, 0.878698, 0, -0.673381, 0, 0.917088 })]
    public void SparseGpt_equals_its_definition(int run, int[] places, double[] expected)
    {
        var (values, pruned) = SparseGpt.Of(Weights, Rows, Width, Products(), 0.5, run);
        Assert.Equal(places, Places(pruned));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], values[i], 2e-5);
    }

    [Fact]
    public void A_density_is_kept_exactly_and_of_equal_scores_the_first_are_pruned()
    {
        Assert.Equal([0, 1, 2, 4, 5, 6], Places(Cut.Lowest(new float[8], 4, 0.25)));
        foreach (var density in new[] { 0.01, 0.125, 0.3, 1.0 })
            Assert.Equal(Cut.KeptOf(Weights.Length, density), Cut.Lowest(Weights, Weights.Length, density).Count(pruned => !pruned));
    }

    static double[] Row(int sample)
    {
        double[] row = [.. Enumerable.Range(0, Width).Select(j => Math.Cos(0.9 * (sample * Width + j)) * (1 + j))];
        row[4] += 0.8 * row[1];
        return row;
    }

    static double[] Products() =>
        [.. Enumerable.Range(0, Width * Width).Select(place => X.Sum(row => row[place / Width] * row[place % Width]))];

    static IEnumerable<int> Places(bool[] pruned) => Enumerable.Range(0, pruned.Length).Where(place => pruned[place]);
}
