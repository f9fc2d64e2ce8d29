using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Liquids;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class ResistiveTests
{
    static readonly RramLsm Small = new(Neurons: 40, Steps: 20, Scale: 1.2,
        Training: new(Epochs: 60, BatchSize: 20, LearningRate: 0.05, WeightDecay: 1e-4));

    static readonly RramPairs SmallPairs = new(Neurons: 40, Projection: 16, SoundScale: 1.2, ImageScale: 1.2, ImageSteps: 20, Epochs: 60,
        LearningRate: 0.01);

    static readonly ResistiveMemory Software = new(Conductance.Software, ReadNoise: 0);

    [Fact]
    public void A_liquid_fires_spike_for_spike_as_a_plain_simulation()
    {
        var chance = new Chance(4);
        const int Inputs = 5, Neurons = 23, Steps = 200;
        var weights = LiquidWeights.Gaussian(Inputs, Neurons, 0.9, chance);
        byte[] counts = [.. Enumerable.Range(0, Steps * Inputs).Select(_ => (byte)Math.Max(0, chance.Below(5) - 2))];
        var liquid = new RandomLiquid(weights, 0.8, 2);
        var answers = liquid.Show(counts, new Chance(1));

        var (v, fired, plain, products) = (new double[Neurons], new bool[Neurons], new int[Neurons], 0L);
        for (var step = 0; step < Steps; step++)
        {
            var next = new double[Neurons];
            for (var neuron = 0; neuron < Neurons; neuron++)
            {
                next[neuron] = 0.8 * v[neuron];
                for (var input = 0; input < Inputs; input++)
                    next[neuron] += counts[step * Inputs + input] * weights.Values[input * Neurons + neuron];
                for (var from = 0; from < Neurons; from++)
                    if (fired[from]) next[neuron] += weights.Values[(Inputs + from) * Neurons + neuron];
            }
            products += (long)Neurons * (fired.Count(one => one) + counts.AsSpan(step * Inputs, Inputs).ToArray().Sum(count => count));
            fired = Array.ConvertAll(next, potential => potential >= 2);
            v = [.. next.Zip(fired, (potential, spike) => spike ? 0 : potential)];
            for (var neuron = 0; neuron < Neurons; neuron++) plain[neuron] += fired[neuron] ? 1 : 0;
        }
        Assert.Equal(plain, answers);
        Assert.True(answers.Sum() > 500, $"{answers.Sum()} spikes are too few to see anything");
        Assert.Equal((answers.Sum(), products), liquid.Work);
    }

    [Fact]
    public void Devices_give_weights_of_the_asked_deviation_and_lose_what_they_drift()
    {
        var memory = new ResistiveMemory(ReadNoise: 0.1, Drift: 0.2, DriftSpread: 0);
        var (fresh, aged) = LiquidWeights.Of(memory, 30, 100, 0.5, new Chance(2));
        Assert.Equal(0.25, fresh.Values.Average(value => value * value), 1e-4);
        Assert.All(fresh.Values.Zip(aged.Values), pair => Assert.Equal(0.8 * pair.First, pair.Second, 1e-5));
        // Both conductances are above 0, so that the noise of their difference is never below that of the difference alone.
        Assert.All(fresh.Values.Zip(fresh.Variance), pair => Assert.True(pair.Second >= 0.01 * pair.First * pair.First - 1e-6));
        var (spread, _) = (LiquidWeights.Of(memory with { DriftSpread = 0.5 }, 30, 100, 0.5, new Chance(2)).Aged, 0);
        Assert.NotEqual(aged.Values, spread.Values);
    }

    [Theory]
    [InlineData(Conductance.LogNormal)]
    [InlineData(Conductance.Normal)]
    public void Levels_are_so_many(Conductance kind)
    {
        var (positive, negative) = new ResistiveMemory(kind, Levels: 4).Draw(5000, new Chance(3));
        Assert.Equal(4, positive.Distinct().Count());
        Assert.Equal(4, negative.Distinct().Count());
        Assert.True(new ResistiveMemory(kind).Draw(5000, new Chance(3)).Positive.Distinct().Count() > 2000);
    }

    [Fact]
    public void Read_noise_is_that_of_all_devices_read_together()
    {
        // One neuron, one input of 3 events a step, no memory: it fires where 3 w + noise reaches the threshold.
        const float Mean = 1, Variance = 0.04f;
        var weights = new LiquidWeights(1, 1, [Mean, 0], [Variance, 0]);
        byte[] counts = [.. Enumerable.Repeat((byte)3, 20_000)];
        foreach (var deviations in new[] { -1.0, 0, 1.5 })
        {
            var threshold = 3 * Mean + deviations * 3 * Math.Sqrt(Variance);
            var share = new RandomLiquid(weights, 0, threshold).Show(counts, new Chance(8))[0] / 20_000.0;
            // Standard normal survival: 0.8413, 0.5, 0.0668; four standard errors of 20 000 draws are 0.0141 at most.
            Assert.Equal(deviations switch { < 0 => 0.8413, 0 => 0.5, _ => 0.0668 }, share, 0.0141);
        }
    }

    [Theory]
    [InlineData(ProbeInput.Liquid, false)]
    [InlineData(ProbeInput.Liquid, true)]
    [InlineData(ProbeInput.Input, false)]
    public void A_readout_tells_what_a_liquid_was_shown(ProbeInput probe, bool devices)
    {
        var family = Small with { Probe = probe, Memory = devices ? new() : Software };
        using var model = family.Prepare(new(Images(90, 1), []), Runs.Context());
        var test = Images(60, 3);
        var accuracy = model.Predict(test).Zip(test).Count(pair => pair.First.Label == pair.Second.Label) / 60.0;
        Assert.True(accuracy > 0.85, $"accuracy {accuracy}");
    }

    [Fact]
    public void Sounds_find_their_images_and_shuffled_pairs_teach_nothing()
    {
        var (data, test) = (new TrainingData<SoundWithImages>(Pairs(120, 1, asked: false), Pairs(30, 2, asked: true)),
            Pairs(120, 3, asked: true));
        var matched = Share(SmallPairs);
        var shuffled = Share(SmallPairs with { Pairs = PairRule.Shuffled });
        Assert.True(matched > 0.85, $"matched {matched}");
        Assert.True(matched > shuffled + 0.3, $"matched {matched}, shuffled {shuffled}");

        double Share(RramPairs family)
        {
            using var model = family.Prepare(data, Runs.Context());
            return model.Predict(test).Zip(test).Count(pair => pair.First.Label == pair.Second.Label) / (double)test.Length;
        }
    }

    [Fact]
    public void Retrieval_counts_learned_classes_and_others_apart()
    {
        SoundWithImages Of(int label, bool seen) => new(new(new byte[1], 1, 1, 0), [], label, seen);
        (SoundWithImages Sample, int Answer)[] rows = [(Of(0, true), 0), (Of(1, true), 0), (Of(1, false), 1), (Of(0, true), 0)];
        Assert.Equal(2 / 3.0, Total(new(Seen: true)), 1e-12);
        Assert.Equal(1, Total(new(Seen: false)));

        double Total(Metrics.Retrieval metric)
        {
            var tally = metric.Begin();
            foreach (var (sample, answer) in rows) tally.Add(sample, new(answer, 1));
            return tally.Total();
        }
    }

    [Fact]
    public void Both_families_keep_their_contract_and_every_knob_is_real()
    {
        var images = (Benchmark<LabeledImage, ClassPrediction>)Listed("images");
        var quick = Small with { Training = Small.Training with { Epochs = 3 } };
        var drifting = new ResistiveMemory(Drift: 0.3);
        FamilyContract.Of(images, quick, new(Images(30, 1), Images(12, 2)), Images(12, 3)).Varying("scale", 2.0)
            .Varying("threshold", 2.0).Varying("pool", 1).Sharing("training").Comparing("memory.driftSpread",
                quick with { Memory = drifting }, quick with { Memory = drifting with { DriftSpread = 1 } })
            .Comparing("memory.conductance", quick with { Memory = Software },
                quick with { Memory = new(ReadNoise: 0) }, quick with { Memory = new(Conductance.Normal, ReadNoise: 0) }).Check();
        var pairs = (Benchmark<SoundWithImages, ClassPrediction>)Listed("retrieval");
        FamilyContract.Of(pairs, SmallPairs with { Epochs = 2 }, new(Pairs(24, 1, asked: false), Pairs(9, 2, asked: true)),
            Pairs(9, 3, asked: true)).Varying("soundScale", 2.0).Varying("imageScale", 2.0).Varying("threshold", 2.0).Varying("pool", 1)
            .Sharing("memory").Check();

        static IBenchmark Listed(string id) => SpikingTransformersSuite.Create().Benchmarks.Single(benchmark => benchmark.Id == id);
    }

    // The class is the third that is bright.
    static LabeledImage[] Images(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index => Image(index % 3, chance))];
    }

    static LabeledImage Image(int label, SampleOrder chance) => new(Enumerable.Range(0, 36)
        .Select(pixel => (byte)(pixel / 12 == label ? 150 + chance.Below(100) : chance.Below(60))).ToArray(), 1, 6, 6, label);

    // A sound is a third of the channels that is busy.
    static SoundWithImages[] Pairs(int count, int seed, bool asked)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var label = index % 3;
            var counts = Enumerable.Range(0, 15 * 6).Select(at => (byte)chance.Below(at % 6 / 2 == label ? 3 : 2)).ToArray();
            var first = index / 3 % 3;
            int[] order = [first, (first + 1) % 3, (first + 2) % 3];
            return new SoundWithImages(new(counts, 15, 6, label), asked ? [.. order.Select(one => Image(one, chance))]
                : [Image(label, chance)], asked ? Array.IndexOf(order, label) : 0, true);
        })];
    }
}
