using Harness.Datasets.Events;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks.Delays;
using Suites.SpikingTransformers.Networks.Motion;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class MotionTests
{
    static readonly MotionSizes Small = new(3, 2, 9, 11, 4, 2, Symmetric: true);

    public MotionTests() => TorchSession.Begin(3, 1);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 0.3)]
    [InlineData(false, 1)]
    public void Event_by_event_the_evidence_is_that_of_the_dense_pass(bool symmetric, double keep)
    {
        using var network = new MotionNetwork(Small with { Symmetric = symmetric });
        MotionSurgery.Prune(network, keep, Pruning.Magnitude, new SampleOrder(1));
        var frames = Noise(12, share: 5);
        using var evidence = network.Evidence(frames);
        var dense = evidence.data<float>().ToArray();
        var sparse = new MotionSynapses(network).Evidence(frames);
        Assert.Equal(dense.Length, sparse.Length);
        for (var at = 0; at < dense.Length; at++) Assert.Equal(dense[at], sparse[at], 1e-5);
    }

    [Fact]
    public void The_evidence_is_the_sum_over_delayed_events_or_their_mirror()
    {
        using var network = new MotionNetwork(Small);
        var frames = Noise(7, share: 4);
        using var evidence = network.Evidence(frames);
        var kernel = network.Weight.data<float>().ToArray();
        for (var step = 0; step < 7; step++)
            for (var place = 0; place < Small.Places; place++)
                for (var one = 0; one < 3; one++)
                    Assert.Equal(network.Bias[one].item<float>() + Math.Max(Sum(one, step, place, 0), Sum(one, step, place, 1)),
                        evidence[step, place, one].item<float>(), 1e-5);

        double Sum(int one, int step, int place, int mirror)
        {
            var sum = 0.0;
            for (var polarity = 0; polarity < 2; polarity++)
                for (var delay = 0; delay <= Math.Min(step, 3); delay++)
                    for (var row = 0; row < 5; row++)
                        for (var column = 0; column < 5; column++)
                            sum += kernel[(((one * 2 + polarity) * 4 + delay) * 5 + row) * 5 + column] * frames.Values.Span[
                                (((step - delay) * 2 + (polarity ^ mirror)) * 9 + place / 7 + row) * 11 + place % 7 + column];
            return sum;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    public void Operations_are_events_times_synapses(double keep)
    {
        using var network = new MotionNetwork(Small);
        MotionSurgery.Prune(network, keep, Pruning.Random, new SampleOrder(4));
        var synapses = new MotionSynapses(network);
        Assert.Equal(2 * (int)Math.Round(keep * 3 * 200), synapses.Count);
        var (values, places) = (new byte[12 * 2 * 9 * 11], new[] { (0, 0, 4, 4), (2, 1, 4, 5), (2, 0, 4, 6), (8, 1, 4, 4) });
        foreach (var (step, polarity, row, column) in places) values[((step * 2 + polarity) * 9 + row) * 11 + column] = 1;
        var inside = new FrameImages(values, 12, 2, 9, 11, 0);
        using var model = new MotionModel(network, DelayEngine.Dense, shuffle: false, 1);
        var counted = model.Count([inside]).Layers[0];
        // Half of a detector's synapses are of an event's polarity.
        if (keep == 1) Assert.Equal(4 * synapses.Count / 2, counted.Acs);
        Assert.Equal(places.Sum(place => Reached(network, place.Item2)), counted.Acs);
        // In the corner of the field, at its last step: seen from one place, without delay.
        values[((11 * 2 + 1) * 9 + 8) * 11 + 10] = 1;
        var more = model.Count([inside]).Layers[0].Acs - counted.Acs;
        Assert.InRange(more, 0, 6);
    }

    // Synapses of all places that an event of a polarity in the middle of the field reaches.
    static long Reached(MotionNetwork network, int polarity) => network.Both().select(1, polarity).count_nonzero().item<long>();

    [Fact]
    public void Motion_is_learned_from_delays_and_order_and_large_weights_suffice()
    {
        var test = Four(Split.Test, 8);
        using var network = new MotionNetwork(new(4, 2, 48, 48, 7, 3, Symmetric: true));
        new Trainer<FrameImages>(network, new MotionObjective(network, draws: 100), new(12, 6, 1e-2, 0), Runs.Context())
            .Fit(new(Four(Split.Train, 48), Four(Split.Validation, 4)));
        using var learned = network.Weight.detach().clone();
        var whole = Accuracy(() => { });
        Assert.True(whole > 0.5, $"{whole}");
        var collapsed = Accuracy(() => MotionSurgery.Collapse(network));
        Assert.True(collapsed < whole - 0.2, $"{collapsed} without delays, {whole} with them");
        Assert.InRange(Accuracy(() => { }, shuffle: true), 0.15, 0.35);
        var large = Accuracy(() => MotionSurgery.Prune(network, 0.25, Pruning.Magnitude, new SampleOrder(1)));
        var any = Accuracy(() => MotionSurgery.Prune(network, 0.25, Pruning.Random, new SampleOrder(1)));
        Assert.True(large > any + 0.05 && large > whole - 0.1, $"{whole} whole, {large} with the largest, {any} with any quarter");

        double Accuracy(Action surgery, bool shuffle = false)
        {
            using (no_grad()) network.Weight.copy_(learned);
            surgery();
            var model = new MotionModel(network, DelayEngine.Dense, shuffle, 1);
            return Total(new PositionAccuracy(), test, model.Predict([.. test.Select(frames => frames with { Label = -1 })]));
        }
    }

    // Four directions at the higher speed.
    static FrameImages[] Four(Split split, int count) => [.. MovingTextures.Of16.Read(new("."), split)
        .Where(frames => frames.Label >= 8 && frames.Label % 2 == 0).Take(count)
        .Select(frames => frames with { Label = (frames.Label - 8) / 2 })];

    [Fact]
    public void Events_follow_the_motion_and_their_number_does_not_tell_the_class()
    {
        var recordings = MovingTextures.Of16.Read(new("."), Split.Validation).ToList();
        Assert.Equal(recordings[9].Values.ToArray(), MovingTextures.Of16.Read(new("."), Split.Validation).ElementAt(9).Values.ToArray());
        foreach (var label in new[] { 8, 10, 12, 14 })
        {
            var frames = recordings[label];
            var (down, right) = MovingTextures.Velocity(label, 8);
            var along = Together(frames, (int)Math.Round(down), (int)Math.Round(right));
            Assert.True(along > 1.3 * Together(frames, -(int)Math.Round(down), -(int)Math.Round(right)), $"class {label}");
        }
        double[] Rates(bool fast) => [.. recordings.Where(frames => frames.Label >= 8 == fast)
            .Select(frames => 1 - frames.Values.Span.Count((byte)0) / (double)frames.Values.Length)];
        Assert.True(Rates(fast: false).Max() > Rates(fast: true).Min());
    }

    // Events that have one of the same polarity a step later, a pixel further.
    static long Together(FrameImages frames, int down, int right)
    {
        var (values, sum) = (frames.Values.ToArray(), 0L);
        for (var step = 0; step < 59; step++)
            for (var row = 1; row < 47; row++)
                for (var column = 1; column < 47; column++)
                    for (var polarity = 0; polarity < 2; polarity++)
                        sum += values[((step * 2 + polarity) * 48 + row) * 48 + column]
                            & values[(((step + 1) * 2 + polarity) * 48 + row + down) * 48 + column + right];
        return sum;
    }

    [Fact]
    public void Places_steps_and_latency_are_scored()
    {
        var frames = new FrameImages(new byte[1], 9, 1, 1, 1, 2);
        var said = new MotionPrediction(1, [1, 5, 4], [2, 0, 2, 2, 2, 2, 2, 0, 2]);
        Assert.Equal(0.4, Total(new PositionAccuracy(), [frames], [said]), 1e-12);
        Assert.Equal(7 / 9.0, Total(new StepAccuracy(), [frames], [said]), 1e-12);
        Assert.Equal(3, Total(new DetectionLatency(), [frames], [said]), 1e-12);
        Assert.Equal(9, Total(new DetectionLatency(), [frames], [said with { Steps = [2, 2, 2, 2, 0, 2, 2, 2, 2] }]), 1e-12);
    }

    static double Total(IMetric<FrameImages, MotionPrediction> metric, IReadOnlyList<FrameImages> samples,
        IReadOnlyList<MotionPrediction> said)
    {
        var tally = metric.Begin();
        foreach (var (sample, prediction) in samples.Zip(said)) tally.Add(sample, prediction);
        return tally.Total();
    }

    // An event in one of so many places.
    static FrameImages Noise(int steps, int share)
    {
        var chance = new SampleOrder(share);
        byte[] values = [.. Enumerable.Range(0, steps * 2 * 9 * 11).Select(_ => (byte)(chance.Below(share) == 0 ? 1 : 0))];
        return new(values, steps, 2, 9, 11, 0);
    }
}
