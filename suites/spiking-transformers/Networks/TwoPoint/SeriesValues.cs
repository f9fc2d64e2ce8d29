using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.TwoPoint;

/// <summary>Series of one length as float32 [samples, steps, channels].</summary>
sealed record SeriesValues(int Steps, int Channels) : IEncoder<SignalSeries>
{
    /// <exception cref="TrainingFailedException">There is no training series, or one whose channels are no two streams.</exception>
    public static SeriesValues Of(TrainingData<SignalSeries> data)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no training series; a network needs at least one.");
        var first = data.Training[0];
        return first.Channels % 2 == 0 ? new(first.Steps, first.Channels)
            : throw new TrainingFailedException($"A series has {first.Channels} channels; two streams need an even number.");
    }

    public Tensor Encode(IReadOnlyList<SignalSeries> samples)
    {
        if (samples.FirstOrDefault(series => (series.Steps, series.Channels) != (Steps, Channels)) is { } other)
            throw new HarnessException($"A series is [{other.Steps}, {other.Channels}], but the model was made for [{Steps}, {Channels}]; "
                + "give all series of a dataset one size.");
        return OwnTensor.Of(samples.SelectMany(series => series.Inputs.ToArray()).Select(value => (float)value).ToArray(),
            samples.Count, Steps, Channels);
    }

    public Tensor EncodeVaried(IReadOnlyList<SignalSeries> samples, SampleOrder chance) => Encode(samples);

    /// <summary>[samples, steps, outputs].</summary>
    public static Tensor Targets(IReadOnlyList<SignalSeries> samples) =>
        tensor(samples.SelectMany(series => series.Targets.ToArray()).Select(value => (float)value).ToArray(),
            [samples.Count, samples[0].Steps, samples[0].Outputs]);
}
