using Harness.Datasets;
using Harness.Torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>How a sample becomes counts of input events, [step, input].</summary>
interface IEventView<in TSample>
{
    int Inputs { get; }

    /// <summary>The same counts whenever the sample is shown.</summary>
    byte[] Counts(TSample sample);

    /// <summary>What draws of a sample begin with.</summary>
    ReadOnlySpan<byte> Content(TSample sample);
}

/// <summary>
/// An image as spikes: <paramref name="Pool"/> × <paramref name="Pool"/> pixels are one input, which fires at each step with the
/// probability of their mean intensity times <paramref name="Rate"/>.
/// </summary>
sealed record ImageView(int Height, int Width, int Pool, int Steps, double Rate, int Seed) : IEventView<LabeledImage>
{
    int Rows => Height / Pool;
    int Columns => Width / Pool;

    public int Inputs => Rows * Columns;

    public byte[] Counts(LabeledImage sample)
    {
        if ((sample.Channels, sample.Height, sample.Width) != (1, Height, Width))
            throw new HarnessException($"An image is [{sample.Channels}, {sample.Height}, {sample.Width}], but the liquid was made for "
                + $"[1, {Height}, {Width}]; give gray images of one size.");
        var (chance, counts, likely) = (SampleOrder.Of(Content(sample), Seed), new byte[Steps * Inputs], new double[Inputs]);
        for (var input = 0; input < Inputs; input++)
        {
            var sum = 0;
            for (var row = 0; row < Pool; row++)
                for (var column = 0; column < Pool; column++)
                    sum += sample.Pixels.Span[(input / Columns * Pool + row) * Width + input % Columns * Pool + column];
            likely[input] = Rate * sum / (Pool * Pool * byte.MaxValue);
        }
        for (var at = 0; at < counts.Length; at++)
            if (chance.Unit() < likely[at % Inputs]) counts[at] = 1;
        return counts;
    }

    public ReadOnlySpan<byte> Content(LabeledImage sample) => sample.Pixels.Span;
}

/// <summary>A recording in time bins, as it is.</summary>
sealed record FrameView(int Inputs) : IEventView<FrameSequence>
{
    public byte[] Counts(FrameSequence sample) => sample.Channels == Inputs ? sample.Values.ToArray()
        : throw new HarnessException($"A recording has {sample.Channels} channels, but the liquid was made for {Inputs}.");

    public ReadOnlySpan<byte> Content(FrameSequence sample) => sample.Values.Span;
}
