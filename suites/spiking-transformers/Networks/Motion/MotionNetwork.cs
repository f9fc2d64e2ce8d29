using Harness.Datasets.Events;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Motion;

/// <summary>
/// One logistic regression a class over the events around a place and before a moment, the same everywhere: each weight is a synapse with a
/// delay (Grimaldi and Perrinet 2023). A matrix product, not a convolution (docs/decisions/0022).
/// </summary>
sealed class MotionNetwork : nn.Module<Tensor, Tensor>
{
    const double FirstWeights = 0.01;

    readonly MotionSizes sizes;
    readonly Parameter weight;
    readonly Parameter bias;

    public MotionNetwork(MotionSizes sizes) : base(nameof(MotionNetwork))
    {
        this.sizes = sizes;
        weight = new(randn([sizes.Classes, sizes.Polarities, sizes.Delays, sizes.Side, sizes.Side]) * FirstWeights);
        // What a detector says without evidence is the share of its class.
        bias = new(full([sizes.Classes], Math.Log(1.0 / Math.Max(1, sizes.Classes - 1))));
        RegisterComponents();
    }

    public MotionSizes Sizes => sizes;

    /// <summary>[class, polarity, delay, row, column].</summary>
    public Tensor Weight => weight;

    public Tensor Bias => bias;

    /// <summary>Surroundings [place, polarity · delay · row · column] to the evidence [place, class].</summary>
    public override Tensor forward(Tensor surroundings)
    {
        using var scope = NewDisposeScope();
        return Stronger(nn.functional.linear(surroundings, Both().flatten(1)), 1).MoveToOuterDisposeScope();
    }

    /// <summary>The evidence for each class at every place and step, [step, place, class].</summary>
    public Tensor Evidence(FrameImages frames)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var events = tensor(frames.Values.ToArray(), [frames.Steps, sizes.Polarities, sizes.Height, sizes.Width], uint8).to(float32);
        var around = nn.functional.unfold(events, sizes.Side);
        var kernels = Both().permute(2, 0, 1, 3, 4).reshape(sizes.Delays * sizes.Outputs, sizes.Surroundings);
        var sums = zeros(frames.Steps + sizes.Delays, sizes.Outputs, sizes.Places);
        for (var step = 0; step < frames.Steps; step++)
        {
            // What the events of this step say now and, delayed, in the steps to come.
            using var said = kernels.matmul(around[step]);
            sums.narrow(0, step, sizes.Delays).add_(said.view(sizes.Delays, sizes.Outputs, sizes.Places));
        }
        return Stronger(sums[..frames.Steps], 1).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Kernels and, if there are any, their mirrors: [output, polarity, delay, row, column].</summary>
    public Tensor Both() => sizes.Symmetric ? cat([weight, weight.flip(1)]) : weight.alias();

    Tensor Stronger(Tensor sums, int axis)
    {
        var one = sums.narrow(axis, 0, sizes.Classes);
        if (sizes.Symmetric) one = maximum(one, sums.narrow(axis, sizes.Classes, sizes.Classes));
        return one + (axis == sums.dim() - 1 ? bias : bias.unsqueeze(1));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            weight.Dispose();
            bias.Dispose();
        }
        base.Dispose(disposing);
    }
}
