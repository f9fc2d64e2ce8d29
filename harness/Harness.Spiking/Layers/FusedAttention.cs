using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// LIF(scale Q (K^T V)) of spikes as one function. It keeps one bit per value of its input; the backward pass multiplies again.
/// </summary>
sealed unsafe class FusedAttention : autograd.SingleTensorFunction<FusedAttention>
{
    public override string Name => nameof(FusedAttention);

    /// <param name="input">Spikes [steps, samples, tokens, 3 x heads x width of a head]: query, key, value.</param>
    /// <returns>Spikes [steps, samples, tokens, heads x width of a head].</returns>
    public static Tensor Of(Tensor input, int heads, double scale, LifParameters lif)
    {
        using var spikes = input.contiguous();
        var rules = new Rules(input.shape, heads, (float)scale, lif);
        return input.requires_grad && is_grad_enabled() ? CustomFunction.Apply(apply, spikes, rules) : Compute(spikes, rules);
    }

    sealed record Rules(long[] Input, int Heads, float Scale, LifParameters Lif)
    {
        int Width => (int)(Input[3] / 3);
        public long[] Output => [.. Input[..3], Width];
        public AttentionShape Attention => new(Input[0] * Input[1], (int)Input[2], Heads, Width / Heads);
        public NormLifShape Neurons => new((int)Input[0], checked((int)(Input[1] * Input[2])), Width, 1, Constant: false);

        // The scale as a norm that is fixed: the neurons' kernel multiplies with it.
        public NormLifChannels Channels
        {
            get
            {
                var channels = NormLifChannels.Of(Width);
                Array.Fill(channels.Scale, Scale);
                return channels;
            }
        }
    }

    static Tensor Products(Tensor spikes, Rules rules)
    {
        var products = empty(rules.Output);
        AttentionKernel.Forward(TensorMemory.Floats(spikes), TensorMemory.Floats(products), rules.Attention, VectorWidth.Widest);
        return products;
    }

    static Tensor Compute(Tensor spikes, Rules rules)
    {
        using var products = Products(spikes, rules);
        var output = empty(rules.Output);
        NormLifKernel.Forward(TensorMemory.Floats(products), rules.Channels, TensorMemory.Floats(output), rules.Neurons, rules.Lif,
            VectorWidth.Widest);
        return output;
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, rules) = ((Tensor)vars[0], (Rules)vars[1]);
        context.save_for_backward([SpikeEvents.Of(input.view(-1, input.shape[^1])).Packed]);
        context.save_data("rules", rules);
        return Compute(input, rules);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var scope = NewDisposeScope();
        var rules = (Rules)context.get_data("rules");
        var spikes = new SpikeEvents(context.get_saved_variables()[0], (int)rules.Input[3], null).Unpacked();
        var products = Products(spikes, rules);
        var incoming = spikeGradient.contiguous();
        NormLifGradient.Backward(TensorMemory.Floats(products), TensorMemory.Floats(incoming), rules.Channels, rules.Neurons, rules.Lif,
            VectorWidth.Widest);
        spikeGradient.Dispose();
        // What were products is their gradient by now.
        var gradient = empty(rules.Input);
        AttentionKernel.Backward(TensorMemory.Floats(spikes), TensorMemory.Floats(products), TensorMemory.Floats(gradient),
            rules.Attention, VectorWidth.Widest);
        return CustomFunction.Gradients(gradient, null);
    }
}
