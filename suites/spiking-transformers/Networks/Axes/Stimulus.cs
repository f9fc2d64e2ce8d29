using Harness.Spiking.Encoders;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>The input of a network over time.</summary>
/// <param name="Values">
/// [samples, channels, rows, columns], the same at all steps, where <paramref name="Constant"/>; else with the steps before.
/// </param>
readonly record struct Stimulus(Tensor Values, int Steps, bool Constant);

/// <summary>Makes the input of each step out of intensities in [0, 1], or takes frames as they come.</summary>
sealed class InputCoding(SpikingAxes axes)
{
    const int FixedDraw = 1;

    /// <param name="input">
    /// [samples, channels, rows, columns] intensities, [samples, channels, length] of a sequence, or frames [samples, steps, channels,
    /// rows, columns], which need no code.
    /// </param>
    /// <param name="training">Random codes draw anew for every sample.</param>
    public Stimulus Encode(Tensor input, bool training)
    {
        using var scope = NewDisposeScope();
        if (input.dim() == 5) return Kept(Frames(input), constant: false);
        var images = Scaled(input.dim() == 3 ? input.unsqueeze(2) : input);
        return axes.Code switch
        {
            InputCode.Direct => Kept(images, constant: true),
            InputCode.Rate => Kept(Rate(images, training), constant: false),
            InputCode.Phase => Kept(Encoder.Phase(images, axes.Steps), constant: false),
            _ => Kept(Encoder.FirstSpike(images, axes.Steps), constant: false),
        };
    }

    Stimulus Kept(Tensor values, bool constant) => new(values.MoveToOuterDisposeScope(), axes.Steps, constant);

    Tensor Frames(Tensor input)
    {
        if (axes.Code != InputCode.Direct)
            throw new HarnessException($"Frames have their own time: they cannot be coded by {axes.Code}; set code to direct.");
        if (input.shape[1] != axes.Steps)
            throw new HarnessException($"A recording has {input.shape[1]} frames, but the network {axes.Steps} steps; let them be equal.");
        var frames = input.transpose(0, 1);
        if (axes.Resolution == 0) return frames.contiguous();
        var scaled = Scaled(frames.flatten(0, 1));
        return scaled.view([.. frames.shape[..3], .. scaled.shape[2..]]);
    }

    Tensor Scaled(Tensor images)
    {
        if (axes.Resolution == 0 || (images.shape[2] == axes.Resolution && images.shape[3] == axes.Resolution)) return images.alias();
        return nn.functional.interpolate(images, [axes.Resolution, axes.Resolution], mode: InterpolationMode.Bilinear,
            align_corners: false).clamp(0, 1);
    }

    // An answer must not depend on the other samples of a batch: in evaluation all share one draw.
    Tensor Rate(Tensor images, bool training) => training
        ? rand([axes.Steps, .. images.shape]).lt(images).to(float32)
        : Draw([axes.Steps, 1, .. images.shape[1..]]).lt(images).to(float32);

    static Tensor Draw(long[] shape)
    {
        var chance = new SampleOrder(FixedDraw);
        var draws = new float[shape.Aggregate(1L, (size, axis) => size * axis)];
        // 24 bits, below 1: a value of 1 always fires.
        for (var at = 0; at < draws.Length; at++) draws[at] = (chance.Next() >> 40) * (1f / (1 << 24));
        return tensor(draws).view(shape);
    }
}
