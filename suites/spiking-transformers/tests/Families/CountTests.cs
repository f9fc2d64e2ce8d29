using Harness.Datasets;
using Suites.SpikingTransformers.Families;

namespace Suites.SpikingTransformers.Tests.Families;

/// <summary>Operations against closed forms in the sizes of the network and the image.</summary>
public sealed class CountTests
{
    const int Pixels = Specimens.Side * Specimens.Side;

    [Fact]
    public void Logistic_regression_multiplies_every_pixel_with_every_class()
    {
        var layer = Assert.Single(Count(Specimens.LogisticRegression).Layers);
        Assert.Equal((Pixels * Specimens.Classes, 0, Pixels * Specimens.Classes), (layer.Macs, layer.Acs, layer.DenseOperations));
        Assert.Equal(4 * Pixels * Specimens.Classes, layer.WeightBytes);
        var lit = Specimens.TestImages.Average(image => image.Pixels.ToArray().Count(pixel => pixel > 0) / (double)Pixels);
        Assert.Equal(lit, layer.InputRate!.Value, 1e-12);
    }

    [Fact]
    public void A_spike_of_the_perceptron_costs_one_accumulate_per_outgoing_weight()
    {
        var family = Specimens.LifMlp;
        var counts = Count(family);
        var layers = counts.Layers.ToDictionary(layer => layer.Layer);
        var (hidden, steps) = (family.Hidden, family.Steps);
        Assert.Equal(["hidden1", "hidden1.lif", "hidden2", "hidden2.lif", "readout"], counts.Layers.Select(layer => layer.Layer));
        // The first layer sees real values, the same at each step, and is computed once.
        Assert.Equal((Pixels * hidden, 0, 1), (layers["hidden1"].Macs, layers["hidden1"].Acs, layers["hidden1"].TimeSteps));
        Assert.Equal((0, steps * hidden * hidden), (layers["hidden2"].Macs, layers["hidden2"].DenseOperations));
        Assert.Equal((0, steps * hidden * Specimens.Classes), (layers["readout"].Macs, layers["readout"].DenseOperations));
        Assert.Equal(layers["hidden1.lif"].Spikes * hidden, layers["hidden2"].Acs, 1e-9);
        Assert.Equal(layers["hidden2.lif"].Spikes * Specimens.Classes, layers["readout"].Acs, 1e-9);
        Assert.Equal(layers["hidden1.lif"].FiringRate, layers["hidden2"].InputRate);
        Assert.Equal(steps * hidden, layers["hidden1.lif"].NeuronUpdates);
        Assert.True(counts.Acs > 0);
    }

    [Fact]
    public void Spikformer_does_the_operations_of_its_equations()
    {
        var family = Specimens.Spikformer;
        var counts = Count(family);
        var layers = counts.Layers.ToDictionary(layer => layer.Layer);
        var (d, t, r, tokens) = (family.Width, family.Steps, family.MlpRatio, 9);
        var dense = new Dictionary<string, int>
        {
            ["patches1"] = Pixels * 9 * (d / 8),
            ["patches2"] = t * Pixels * 9 * (d / 8) * (d / 4),
            ["patches3"] = t * Pixels * 9 * (d / 4) * (d / 2),
            ["patches4"] = t * (Pixels / 4) * 9 * (d / 2) * d,
            ["position"] = t * tokens * 9 * d * d,
            ["block1.attention.qkv"] = t * tokens * d * 3 * d,
            ["block1.attention.keys_values"] = t * tokens * d * (d / family.Heads),
            ["block1.attention.query_context"] = t * tokens * d * (d / family.Heads),
            ["block1.attention.output"] = t * tokens * d * d,
            ["block1.widen"] = t * tokens * d * r * d,
            ["block1.narrow"] = t * tokens * r * d * d,
            ["readout"] = d * Specimens.Classes,
        };
        Assert.Equal(dense, layers.Where(entry => entry.Value.Kind != "lif")
            .ToDictionary(entry => entry.Key, entry => (int)entry.Value.DenseOperations));
        Assert.Equal(dense["patches1"] + dense["readout"], counts.Macs);
        // Without pooling between them, spikes of one layer are the inputs of the next, each with nine taps.
        Assert.Equal(layers["patches1.lif"].Spikes * 9 * (d / 4), layers["patches2"].Acs, 1e-6);
        Assert.Equal(layers["patches2.lif"].Spikes * 9 * (d / 2), layers["patches3"].Acs, 1e-6);
        Assert.Equal(layers["block1.attention.lif"].Spikes * d, layers["block1.attention.output"].Acs, 1e-6);
        Assert.Equal(layers["block1.widen.lif"].Spikes * d, layers["block1.narrow"].Acs, 1e-6);
        Assert.All(layers.Values.Where(layer => layer.Kind == "lif"), layer => Assert.Equal(t, layer.TimeSteps));
        Assert.True(counts.Acs > 0);
    }

    [Fact]
    public void Residual_sums_cost_as_many_accumulates_as_spikes_were_added()
    {
        var family = Specimens.Spikformer;
        var layers = Count(family).Layers.ToDictionary(layer => layer.Layer);
        // The widening layer reads tokens + attention, the projections read tokens alone: they differ by the spikes of attention.
        var tokens = layers["block1.attention.qkv"].Acs / (3 * family.Width);
        var mixed = layers["block1.widen"].Acs / (family.MlpRatio * family.Width);
        Assert.Equal(tokens + layers["block1.attention.output.lif"].Spikes, mixed, 1e-6);
        // An input of two is one non-zero input.
        var possible = layers["block1.widen"].DenseOperations / (family.MlpRatio * family.Width);
        Assert.True(layers["block1.widen"].InputRate < mixed / possible);
    }

    [Fact]
    public void The_vision_transformer_does_the_operations_of_its_equations()
    {
        var family = Specimens.AnnVitTiny;
        var counts = Count(family);
        var (d, r, tokens) = (family.Width, family.MlpRatio, 9);
        var expected = Pixels * 9 * (d / 8) + Pixels * 9 * (d / 8) * (d / 4) + Pixels * 9 * (d / 4) * (d / 2) + Pixels / 4 * 9 * (d / 2) * d
            + tokens * 9 * d * d + tokens * d * 4 * d + 2 * tokens * tokens * d + 2 * tokens * d * r * d + d * Specimens.Classes;
        Assert.Equal(expected, counts.Macs);
        Assert.Equal(0, counts.Acs);
        Assert.Equal(expected, counts.Layers.Sum(layer => layer.DenseOperations));
    }

    [Fact]
    public void The_majority_class_computes_nothing() => Assert.Empty(Count(new MajorityClass()).Layers);

    static OperationCounts Count(IModelFamily<LabeledImage, ClassPrediction> family)
    {
        using var model = family.Prepare(Specimens.Images, Specimens.Context());
        return model.Count(Specimens.TestImages);
    }
}
