using Harness.Datasets;
using Suites.LlmEdge.Offloading.Predicting;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class PredictorTests
{
    const int Width = 24, Hidden = 96;

    // Gates that are open one time in six or so, of inputs that lie near a few directions as those of language do.
    [Fact]
    public void A_trained_predictor_foresees_gates_of_new_tokens()
    {
        var (training, validation, test) = (Samples(1, 3000), Samples(2, 600), Samples(3, 600));
        var losses = new List<double>();
        var predictor = new PredictorTraining(Rank: 24, Epochs: 6, Recall: 0.97).Train([training], [validation], 5,
            (_, _, loss) => losses.Add(loss));
        var (recall, precision) = Quality(predictor, test);
        Assert.InRange(recall, 0.955, 1);
        Assert.Equal(test.OpenShare * recall / precision, predictor.ProfileOf([test]).ActiveShare, 1e-9);
        Assert.True(precision > 0.6, $"precision {precision} where {test.OpenShare} is open");
        Assert.True(losses[^1] < 0.6 * losses[0], string.Join(" ", losses));
        // The mutation: the same predictor for other neurons foresees no better than chance.
        var shuffled = new ShuffledSelector(predictor, 1, Hidden, 2);
        Assert.True(Quality(shuffled, test).Recall < 0.7);
    }

    [Fact]
    public void A_higher_wanted_recall_is_a_higher_recall()
    {
        var (training, validation, test) = (Samples(1, 500), Samples(2, 300), Samples(3, 300));
        double Recall(double wanted) =>
            Quality(new PredictorTraining(16, 2, Recall: wanted).Train([training], [validation], 5), test).Recall;
        Assert.True(Recall(0.7) < Recall(0.99));
    }

    [Fact]
    public void The_same_seed_trains_the_same_predictor()
    {
        var samples = Samples(1, 200);
        LayerPredictor Of(ulong seed) => new PredictorTraining(8, 1).Train([samples], [samples], seed).Layers[0];
        Assert.Equal(Of(1).Second, Of(1).Second);
        Assert.NotEqual(Of(1).Second, Of(2).Second);
    }

    [Theory]
    [InlineData(0.1, 0.1, 64)]
    [InlineData(0.15, 0.1, 96)]
    [InlineData(0.5, 0.1, 128)]
    [InlineData(0.01, 0.1, 32)]
    [InlineData(0, 0, 64)]
    public void Denser_layers_get_higher_ranks_within_a_factor_of_two(double share, double mean, int rank) =>
        Assert.Equal(rank, new PredictorTraining(Rank: 64).RankOf(share, mean));

    // f(x) = mean over neurons of the loss has the slope that the step follows: two steps of Adam by hand.
    [Fact]
    public void Adam_moves_by_its_rate_at_first_and_by_the_ratio_of_moments_later()
    {
        var vector = new AdamVector([1, 1, 1], 0.1);
        vector.Slopes[0] = 3;
        vector.Slopes[1] = -0.5f;
        vector.Step();
        Assert.Equal(0.9f, vector.Values[0], 1e-6f);
        Assert.Equal(1.1f, vector.Values[1], 1e-6f);
        Assert.Equal(1f, vector.Values[2]);
        Assert.Equal(0f, vector.Slopes[0]);
        vector.Slopes[0] = 1;
        vector.Step();
        // m = .9·.3 + .1 = .37 over 1 - .81; v = .999·.009 + .001 = .009991 over 1 - .998001.
        Assert.Equal(0.9 - 0.1 * (0.37 / 0.19) / Math.Sqrt(0.009991 / 0.001999), vector.Values[0], 1e-5);
    }

    static (double Recall, double Precision) Quality(Suites.LlmEdge.Offloading.Neurons.INeuronSelector selector, LayerSamples samples)
    {
        int open = 0, asked = 0, both = 0;
        var selected = new int[Hidden];
        for (var token = 0; token < samples.Count; token++)
        {
            var count = selector.Select(0, samples.Input(token), selected);
            open += samples.Open(token).Count(one => one);
            asked += count;
            both += selected[..count].Count(neuron => samples.Open(token)[neuron]);
        }
        return ((double)both / open, (double)both / asked);
    }

    static LayerSamples Samples(ulong seed, int count)
    {
        var (fixedChance, chance, samples) = (new Chance(99), new Chance(seed), new LayerSamples(Width, Hidden));
        float[] Draw(Chance from) => [.. Enumerable.Range(0, Width).Select(_ => (float)from.Normal())];
        float[][] centres = [.. Enumerable.Range(0, 12).Select(_ => Draw(fixedChance))], gates = [.. Enumerable.Range(0, Hidden)
            .Select(_ => Draw(fixedChance))];
        for (var i = 0; i < count; i++)
        {
            var (centre, noise) = (centres[chance.Below(12)], Draw(chance));
            float[] x = [.. centre.Zip(noise, (a, b) => a + 0.3f * b)];
            samples.Add(x, [.. gates.Select(gate => gate.Zip(x, (a, b) => a * b).Sum() > 5)]);
        }
        return samples;
    }
}
