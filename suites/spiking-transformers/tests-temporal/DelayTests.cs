using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Networks.Delays;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class DelayTests
{
    static readonly LifParameters Lif = new(1.5f, DecayInput: false, Surrogate: Surrogate.ArcTangent, Slope: 5);

    public DelayTests() => TorchSession.Begin(3, 1);

    [Theory]
    [InlineData(DelayRule.Learned)]
    [InlineData(DelayRule.Fixed)]
    [InlineData(DelayRule.None)]
    public void Spike_by_spike_the_answer_is_that_of_the_convolution(DelayRule rule)
    {
        using var network = Trained(rule);
        var events = network.ToEvents();
        foreach (var frames in Motifs(20))
        {
            using var scope = NewDisposeScope();
            var dense = network.forward(Input(frames)).data<float>().ToArray();
            var sums = events.Run(frames);
            for (var c = 0; c < dense.Length; c++) Assert.Equal(dense[c], sums[c], 1e-4);
        }
    }

    [Fact]
    public void Synaptic_events_are_the_accumulates_that_the_ledger_counts()
    {
        var ledger = new OperationLedger();
        using var network = Trained(DelayRule.Learned, ledger);
        var frames = Motifs(1)[0];
        var events = network.ToEvents();
        events.Run(frames);
        var counts = ledger.Record(1, () => network.forward(Input(frames)).Dispose());
        Assert.Equal(counts.Acs, events.SynapticEvents);
        Assert.Contains(counts.Layers, layer => layer is { Layer: "hidden1.lif", Spikes: > 0 });
    }

    [Fact]
    public void Learned_delays_become_narrow_in_the_first_quarter_and_whole_at_inference()
    {
        using var scope = NewDisposeScope();
        using var synapses = new DelayedSynapses("layer", 2, 3, DelayRule.Learned, longest: 8, new());
        using var input = zeros(20, 1, 2);
        input[0] = 1;
        synapses.eval();
        var whole = synapses.call(input);
        Assert.True(whole.count_nonzero().item<long>() <= 6);
        synapses.train();
        synapses.Anneal(1, 40);
        var wide = Spread(synapses.call(input));
        synapses.Anneal(11, 40);
        var narrow = Spread(synapses.call(input));
        synapses.Anneal(40, 40);
        Assert.Equal(narrow, Spread(synapses.call(input)), 1e-6);
        Assert.True(narrow < 0.5 * wide, $"{narrow} of {wide}");
        var delays = synapses.WholeDelays();
        Assert.True(delays.min().item<long>() >= 0 && delays.max().item<long>() <= 8);
    }

    [Fact]
    public void Motifs_are_hidden_from_counts()
    {
        var recordings = Motifs(300);
        Assert.All(recordings, frames =>
        {
            for (var channel = 0; channel < frames.Channels; channel++)
                Assert.Equal(2, Enumerable.Range(0, frames.Steps).Sum(step => frames.Values.Span[step * frames.Channels + channel]));
        });
        Assert.Equal(Enumerable.Range(0, 10), recordings.Select(frames => frames.Label).Distinct().Order());
        Assert.Equal(recordings[7].Values.ToArray(), Motifs(300)[7].Values.ToArray());
    }

    [Fact]
    public void Learned_delays_find_motifs_that_no_delays_cannot()
    {
        var learned = Accuracy(DelayRule.Learned);
        var none = Accuracy(DelayRule.None);
        Assert.True(learned > none + 0.2, $"learned {learned}, none {none}");
    }

    static double Accuracy(DelayRule rule)
    {
        var motifs = Motifs(1500);
        var family = new DelaySnn(Neurons: 64, Depth: 1, Delays: rule, Longest: 20, Dropout: 0, Engine: DelayEngine.Events);
        using var model = (family with { Training = family.Training with { Epochs = 12, BatchSize = 32, LearningRate = 5e-3 } })
            .Prepare(new(motifs[..1000], motifs[1000..1100]), Runs.Context());
        var test = motifs[1100..];
        return model.Predict(test).Zip(test).Count(pair => pair.First.Label == pair.Second.Label) / (double)test.Length;
    }

    static double Spread(Tensor response)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var height = response.abs().squeeze(1);
        return (1 / (height / height.sum([0])).square().sum([0])).mean().item<float>();
    }

    // A few batches through the norms, so that they hold other statistics than 0 and 1.
    static DelayNetwork Trained(DelayRule rule, OperationLedger? ledger = null)
    {
        var network = new DelayNetwork(new(20, 16, 2, 10, rule, 12, 0, Lif), ledger ?? new());
        using var mode = no_grad();
        foreach (var frames in Motifs(20)) network.forward(Input(frames)).Dispose();
        network.eval();
        return network;
    }

    static Tensor Input(FrameSequence frames) =>
        tensor(frames.Values.ToArray(), [1, frames.Steps, frames.Channels], uint8).to(float32);

    static FrameSequence[] Motifs(int count) => [.. SpikeMotifs.Of20.Read(new(Path.GetTempPath()), Split.Train).Take(count)];
}
