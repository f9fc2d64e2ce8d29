using Harness.Datasets;
using Harness.Torch;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Networks.Liquids;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class LiquidTests
{
    static readonly LiquidRules Rules = new(LiquidRule.Astrocyte, 3, 0.15, 0.15, 0.1);

    [Theory]
    [InlineData(LiquidRule.Astrocyte)]
    [InlineData(LiquidRule.Stdp)]
    [InlineData(LiquidRule.Fixed)]
    public void Currents_that_are_kept_up_to_date_are_those_that_are_summed_anew(LiquidRule rule)
    {
        var wiring = new LiquidWiring(30, 4, new SampleOrder(2));
        var rules = Rules with { Rule = rule };
        var (liquid, plain) = (new Liquid(wiring, rules), new PlainLiquid(wiring, rules));
        var probabilities = Enumerable.Range(0, 30).Select(input => input % 3 == 0 ? 0.4 : 0.05).ToArray();
        var chance = new SampleOrder(9);
        var spikes = 0;
        liquid.Show(probabilities, 150, cool: false, new SampleOrder(9), _ => Compare());
        chance = new(10);
        liquid.Show(probabilities, 50, cool: true, new SampleOrder(10), _ => Compare(cool: true));
        Assert.True(spikes > 200, $"{spikes} spikes are too few to see anything");

        void Compare(bool cool = false)
        {
            plain.Step(probabilities, chance, cool);
            Assert.Equal(plain.Fired, liquid.Fired);
            Assert.Equal(plain.Depression, liquid.Depression, 1e-12);
            for (var neuron = 0; neuron < wiring.Neurons; neuron++)
                Assert.Equal(plain.Potentials[neuron], liquid.Potentials[neuron], 1e-8);
            spikes += liquid.Fired.Count(source => source >= wiring.Inputs);
        }
    }

    [Fact]
    public void The_published_size_has_the_published_number_of_synapses()
    {
        var wiring = new LiquidWiring(784, 10, new SampleOrder(1));
        Assert.InRange(wiring.Recurrent, 15_500, 17_500);
        Assert.InRange(wiring.Starts[784] / (784.0 * 1000), 0.148, 0.152);
        foreach (var synapse in wiring.Incoming) Assert.InRange(wiring.Targets[synapse], 0, 999);
        Assert.Equal(Enumerable.Range(0, wiring.Targets.Length), wiring.Incoming.Order());
    }

    [Fact]
    public void The_astrocyte_calms_a_liquid_that_plain_plasticity_lets_run_away()
    {
        var wiring = new LiquidWiring(100, 8, new SampleOrder(3));
        var probabilities = Enumerable.Repeat(0.1, 100).ToArray();
        var calm = Rate(LiquidRule.Astrocyte);
        var wild = Rate(LiquidRule.Stdp);
        Assert.True(wild > 1.5 * calm, $"{wild} spikes without, {calm} with an astrocyte");

        long Rate(LiquidRule rule)
        {
            var (liquid, vitals) = (new Liquid(wiring, Rules with { Rule = rule, Coupling = 0.03 }), new LiquidVitals(wiring));
            liquid.Show(probabilities, 1500, cool: false, new SampleOrder(4));
            liquid.Show(probabilities, 500, cool: false, new SampleOrder(5), vitals.See);
            Assert.InRange(vitals.LeastDepression, -1, vitals.MostDepression);
            return vitals.Spikes;
        }
    }

    [Fact]
    public void Each_sample_is_answered_by_itself()
    {
        var data = new TrainingData<LabeledImage>(Images(60, 1), Images(20, 2));
        var family = new Nalsm(Side: 5, Weight: 6, Settling: 20, SettlingSteps: 10, Steps: 60);
        using var model = (family with { Training = family.Training with { Epochs = 30, BatchSize = 20 } }).Prepare(data, Runs.Context());
        var test = Images(40, 3);
        var together = model.Predict(test);
        Assert.Equal(together[^1], model.Predict([test[^1]])[0]);
        var accuracy = together.Zip(test).Count(pair => pair.First.Label == pair.Second.Label) / 40.0;
        Assert.True(accuracy > 0.8, $"accuracy {accuracy}");
        var counts = model.Count(test[..5]);
        Assert.Equal(["liquid.synapses", "liquid.neurons", "liquid.plasticity", "readout"], counts.Layers.Select(layer => layer.Layer));
        Assert.All(counts.Layers.Take(3), layer => Assert.True(layer.Acs + layer.Macs + layer.Spikes > 0, layer.Layer));
    }

    // One of two halves is bright.
    static LabeledImage[] Images(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index => new LabeledImage(
            Enumerable.Range(0, 64).Select(pixel => (byte)(pixel / 32 == index % 2 ? 150 + chance.Below(100) : chance.Below(40))).ToArray(),
            1, 8, 8, index % 2))];
    }
}
