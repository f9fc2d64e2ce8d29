using Harness.Datasets.Events;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>
/// The binary cross-entropy of every class at places and steps that are drawn at random, an estimate of that at all of them; the score is
/// the share of drawn ones at which the right class is the likeliest.
/// </summary>
/// <param name="draws">Places and steps of a recording.</param>
sealed class MotionObjective(MotionNetwork network, int draws) : IObjective<FrameImages>
{
    const int ScoreSeed = 7;

    readonly MotionSizes sizes = network.Sizes;

    public Tensor Loss(IReadOnlyList<FrameImages> batch, int epoch, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var evidence = network.forward(Surroundings(batch, chance));
        var targets = nn.functional.one_hot(Labels(batch), sizes.Classes).to(float32);
        return nn.functional.binary_cross_entropy_with_logits(evidence, targets).MoveToOuterDisposeScope();
    }

    public double Score(IReadOnlyList<FrameImages> samples, CancellationToken cancellation)
    {
        using var mode = inference_mode();
        var (chance, right) = (new SampleOrder(ScoreSeed), 0L);
        foreach (var sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            right += network.forward(Surroundings([sample], chance)).argmax(1).eq(sample.Label).sum().item<long>();
        }
        return (double)right / ((long)samples.Count * draws);
    }

    Tensor Labels(IReadOnlyList<FrameImages> batch) =>
        tensor(batch.Select(frames => (long)frames.Label).ToArray()).repeat_interleave(draws);

    Tensor Surroundings(IReadOnlyList<FrameImages> batch, SampleOrder chance)
    {
        var values = new float[(long)batch.Count * draws * sizes.Synapses];
        for (var row = 0; row < batch.Count * draws; row++)
        {
            var frames = batch[row / draws];
            Fill(frames, chance.Below(frames.Steps), chance.Below(sizes.Rows), chance.Below(sizes.Columns),
                values.AsSpan(row * sizes.Synapses, sizes.Synapses));
        }
        return OwnTensor.Of(values, batch.Count * draws, sizes.Synapses);
    }

    // [polarity, delay, row, column]; before the first step there are no events.
    void Fill(FrameImages frames, int step, int top, int left, Span<float> target)
    {
        var source = frames.Values.Span;
        var (side, at) = (sizes.Side, 0);
        for (var polarity = 0; polarity < sizes.Polarities; polarity++)
            for (var delay = 0; delay < sizes.Delays; delay++, at += side * side)
            {
                if (delay > step) continue;
                var plane = source[(((step - delay) * sizes.Polarities + polarity) * sizes.Height * sizes.Width)..];
                for (var row = 0; row < side; row++)
                {
                    var line = plane.Slice((top + row) * sizes.Width + left, side);
                    for (var column = 0; column < side; column++) target[at + row * side + column] = line[column];
                }
            }
    }
}
