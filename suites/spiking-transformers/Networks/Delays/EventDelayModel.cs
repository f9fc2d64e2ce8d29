using Harness.Datasets;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Networks.Delays;

/// <summary>Answers spike by spike; counts are those of the network it was made from, which are the same.</summary>
sealed class EventDelayModel(IModel<FrameSequence, ClassPrediction> trained, EventDelayNetwork network, FrameLevels shape)
    : IModel<FrameSequence, ClassPrediction>
{
    public Footprint Footprint => trained.Footprint;

    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<FrameSequence> batch) => [.. batch.Select(Answer)];

    ClassPrediction Answer(FrameSequence frames)
    {
        frames.Fitting(shape.Steps, shape.Channels);
        var sums = network.Run(frames);
        var best = Array.IndexOf(sums, sums.Max());
        return new(best, (float)(1 / sums.Sum(sum => Math.Exp(sum - sums[best]))));
    }

    public OperationCounts Count(IReadOnlyList<FrameSequence> batch) => trained.Count(batch);

    public void Dispose() => trained.Dispose();
}
