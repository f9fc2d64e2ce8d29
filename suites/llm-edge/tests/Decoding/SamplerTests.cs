using Suites.LlmEdge.Decoding;

namespace Suites.LlmEdge.Tests.Decoding;

public sealed class SamplerTests
{
    const int Draws = 40_000;
    static readonly float[] Logits = [1, 3, -2, 2.5f, 0, 3];

    [Fact]
    public void Greedy_takes_the_first_of_the_most_likely() => Assert.Equal(1, new Sampler(Sampling.Greedy, 6, 9).Draw(Logits));

    [Theory]
    [InlineData(1.0, 0, 1.0)]
    [InlineData(0.7, 0, 1.0)]
    [InlineData(1.5, 3, 1.0)]
    [InlineData(1.0, 0, 0.8)]
    [InlineData(0.5, 4, 0.95)]
    public void Tokens_come_as_often_as_their_probability_says(double temperature, int topK, double topP)
    {
        var sampler = new Sampler(new(temperature, topK, topP), Logits.Length, 5);
        var counts = new double[Logits.Length];
        for (var i = 0; i < Draws; i++) counts[sampler.Draw(Logits)]++;
        var expected = Expected(temperature, topK == 0 ? 6 : topK, topP);
        for (var id = 0; id < counts.Length; id++)
            Assert.Equal(expected[id], counts[id] / Draws, 5 * Math.Sqrt(0.25 / Draws));
        for (var id = 0; id < counts.Length; id++) Assert.Equal(expected[id] == 0, counts[id] == 0);
    }

    [Fact]
    public void A_seed_fixes_every_draw()
    {
        int[] Of(ulong seed)
        {
            var sampler = new Sampler(new(1), Logits.Length, seed);
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Draw(Logits))];
        }
        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
    }

    [Theory]
    [InlineData(-1.0, 0, 1.0, "temperature of -1")]
    [InlineData(double.NaN, 0, 1.0, "temperature of NaN")]
    [InlineData(1.0, -1, 1.0, "best -1 tokens")]
    [InlineData(1.0, 0, 0.0, "share of 0")]
    public void What_cannot_be_is_said(double temperature, int topK, double topP, string part) =>
        Assert.Contains(part, Assert.Throws<HarnessException>(() => new Sampler(new(temperature, topK, topP), 4, 1)).Message);

    static double[] Expected(double temperature, int topK, double topP)
    {
        var order = Enumerable.Range(0, Logits.Length).OrderByDescending(id => Logits[id]).Take(topK).ToList();
        var total = order.Sum(id => Math.Exp(Logits[id]));
        var (sum, kept) = (0.0, new List<int>());
        foreach (var id in order)
        {
            kept.Add(id);
            if ((sum += Math.Exp(Logits[id]) / total) >= topP) break;
        }
        var norm = kept.Sum(id => Math.Exp(Logits[id] / temperature));
        return [.. Enumerable.Range(0, Logits.Length).Select(id => kept.Contains(id) ? Math.Exp(Logits[id] / temperature) / norm : 0)];
    }
}
