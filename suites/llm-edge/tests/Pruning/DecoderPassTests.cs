using Harness.Datasets;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Pruning;
using Suites.LlmEdge.Pruning.Decoders;
using Suites.LlmEdge.Tests.Models;

namespace Suites.LlmEdge.Tests.Pruning;

public sealed class DecoderPassTests : IDisposable
{
    const int Length = 12;

    readonly DenseProduct _product = new(1);

    [Theory]
    [InlineData(Gating.Swiglu)]
    [InlineData(Gating.Reglu)]
    [InlineData(Gating.Drelu)]
    public void The_loss_is_that_of_the_decoder(Gating gating)
    {
        using var model = RandomModels.Of(RandomModels.Small with { Gating = gating }, tied: true);
        var sequences = Sequences(3);
        using var decoder = new Decoder(model, new());
        var expected = sequences.Average(sequence => decoder.Score(sequence).Nats);
        Assert.Equal(expected, new DecoderPass(new(model), _product, sequences).Forward(), 1e-3);
    }

    // Grouped key heads, so that errors of several heads meet in one key. Other gatings are held against automatic differentiation.
    [Theory]
    [InlineData(Rotation.Neighbours)]
    [InlineData(Rotation.Halves)]
    public void Gradients_of_every_layer_are_those_of_finite_differences(Rotation rotation)
    {
        using var model = RandomModels.Of(RandomModels.Small with { Rotation = rotation });
        var network = new PrunableDecoder(new(model), Sequences(2), _product);
        var batch = network.Draw(2, new(1));
        foreach (var (layer, trace) in batch.Traces().ToList())
        {
            int[] places = [5, layer.Values.Length / 2 + 3];
            var gradients = trace.Gradients(places);
            for (var place = 0; place < places.Length; place++)
            {
                const float step = 5e-3f;
                ref var weight = ref layer.Values[places[place]];
                var before = weight;
                weight = before + step;
                var above = batch.Loss();
                weight = before - step;
                var below = batch.Loss();
                weight = before;
                var expected = (above - below) / (2 * step);
                Assert.Equal(expected, (gradients[place * 2] + gradients[place * 2 + 1]) / 2, 5e-3 + 0.02 * Math.Abs(expected));
            }
        }
    }

    [Fact]
    public void A_pruned_model_computes_with_its_zeros_and_takes_less()
    {
        using var model = RandomModels.Of(RandomModels.Small, tied: true);
        var dense = new DenseDecoder(model);
        var network = new PrunableDecoder(dense, Sequences(4), _product);
        new OneShot(OneShotMethod.Wanda, 0.5, PruningScope.Row, 4).Prune(network, new(1), _product);
        using var pruned = dense.ToModel();
        var all = dense.Layers.Sum(layer => layer.Values.Length);
        Assert.Equal(model.Parameters - all / 2, dense.PrunedSize().Parameters);
        Assert.Equal(4 * (model.Parameters - all / 2) + all / 8, dense.PrunedSize().Bytes);
        foreach (var (_, matrix) in pruned.Layers.SelectMany(layer => layer.Matrices))
            for (var row = 0; row < matrix.Rows; row++)
                Assert.Equal(matrix.Width / 2, matrix.Unpacked().AsSpan(row * matrix.Width, matrix.Width).Count(0f));
        using var decoder = new Decoder(pruned, new());
        var sequences = Sequences(4);
        Assert.Equal(sequences.Average(sequence => decoder.Score(sequence).Nats),
            new DecoderPass(dense, _product, sequences).Forward(), 1e-3);
    }

    [Fact]
    public void Models_with_biases_are_refused()
    {
        using var model = RandomModels.Of(RandomModels.Small, biased: true);
        Assert.Contains("biases", Assert.Throws<UnsupportedException>(() => new DenseDecoder(model)).Message);
    }

    static IReadOnlyList<int[]> Sequences(int count)
    {
        var chance = new Chance(8);
        return [.. Enumerable.Range(0, count).Select(_ =>
            (int[])[1, .. Enumerable.Range(0, Length - 1).Select(_ => 3 + chance.Below(RandomModels.Small.Vocabulary - 3))])];
    }

    public void Dispose() => _product.Dispose();
}
