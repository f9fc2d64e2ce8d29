using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests.Networks;

public sealed class CodingRateTests
{
    const int Count = 6, Length = 3;
    const double Precision = 0.5;

    public CodingRateTests() => TorchSession.Begin(seed: 1, threads: 1);

    // Features and directions by formula, rows of length 1, float64.
    static Tensor Features => Rows((row, column) => Math.Sin(1 + row + 2 * column));
    static Tensor Directions => Rows((row, column) => Math.Cos(1 + 2 * row - column));

    // numpy 1.24.2: slogdet of the same matrices; Γ by 100 000 steps of the plain algorithm, one side after the other.
    [Theory]
    [InlineData(0.2, 1.9788700623661928, new[] { 0.5431465683313726, 0.00041790087442623516, 0.00012620748092410418, 0.4545453648418257,
        0.0017122436197091685, 5.171485174185072e-05 })]
    [InlineData(1.0, 2.6020470521254224, new[] { 0.3489659696884498, 0.08111363360662363, 0.06616436371547067, 0.34151147818458694,
        0.10783788566797059, 0.05440666913689859 })]
    public void Memberships_and_rates_are_those_of_a_second_implementation(double entropy, double byClusters, double[] first)
    {
        using var scope = NewDisposeScope();
        var membership = new DoublyStochastic(entropy, 2000).Of(Directions.matmul(Directions.t()));
        Assert.Equal(first, membership[0].data<double>().ToArray(), (one, other) => Math.Abs(one - other) < 1e-9);
        Assert.True(allclose(membership, membership.t(), 1e-12, 1e-12));
        Assert.Equal(2.769821662741605, new CodingRate(Precision).Of(Features).item<double>(), 1e-12);
        Assert.Equal(byClusters, new CodingRate(Precision).Of(Features, membership).item<double>(), 1e-9);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        var rate = new CodingRate(Precision);
        HoldsFor(Features, features => rate.Of(features));
        HoldsFor(Features, features => rate.Of(features, Membership(Directions)));
        HoldsFor(Directions, directions => rate.Of(Features, Membership(directions)));
    }

    // Ten steps, as training takes them: the gradient is that of what was computed, not of its limit.
    static Tensor Membership(Tensor directions) => new DoublyStochastic(0.3, 10).Of(directions.matmul(directions.t()));

    static void HoldsFor(Tensor at, Func<Tensor, Tensor> of)
    {
        const double step = 1e-6;
        var input = at.clone().requires_grad_();
        of(input).backward();
        var gradient = input.grad!.flatten().data<double>().ToArray();
        for (var index = 0; index < Count * Length; index++)
        {
            var moved = zeros(Count * Length, dtype: float64);
            moved[index] = step;
            moved = moved.reshape(Count, Length);
            var difference = (of(at + moved) - of(at - moved)).item<double>() / (2 * step);
            Assert.Equal(difference, gradient[index], 1e-7);
        }
    }

    static Tensor Rows(Func<int, int, double> value)
    {
        var rows = tensor([.. Enumerable.Range(0, Count * Length).Select(at => value(at / Length, at % Length))], [Count, Length]);
        return TorchSharp.torch.nn.functional.normalize(rows);
    }
}
