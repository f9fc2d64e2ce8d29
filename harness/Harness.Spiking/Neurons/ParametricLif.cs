using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// PLIF (Fang et al., ICCV 2021): LIF whose 1 / tau = sigmoid(w) is learned, one number per layer. Computed by the fused kernel.
/// </summary>
public sealed class ParametricLif : Neuron
{
    readonly LifParameters lif;
    readonly Parameter w;

    /// <param name="lif">Its tau, above 1, is where learning starts: w = -ln(tau - 1).</param>
    public ParametricLif(LifParameters lif) : base(nameof(ParametricLif))
    {
        this.lif = lif.Checked();
        if (!(lif.Tau > 1) || !float.IsFinite(lif.Tau))
            throw new HarnessException($"A learned time constant must start above 1 and be finite, not {lif.Tau}.");
        w = new(tensor(-MathF.Log(lif.Tau - 1)));
        RegisterComponents();
    }

    private protected override Tensor Fire(Tensor input)
    {
        var leak = w.sigmoid();
        return is_grad_enabled() && (input.requires_grad || leak.requires_grad)
            ? CustomFunction.Apply(FusedParametricLif.apply, input, leak, lif)
            : Lif.Spikes(input, lif with { Tau = 1 / leak.item<float>() });
    }

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        var leak = w.sigmoid();
        var v = Membrane.Start(input, lif);
        return Membrane.Over(input, x =>
        {
            var h = Membrane.Charge(v, x, leak, lif);
            var fired = spike(h - lif.Threshold, lif);
            v = Membrane.Reset(h, fired, lif);
            return fired;
        });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) w.Dispose();
        base.Dispose(disposing);
    }
}

sealed unsafe class FusedParametricLif : autograd.SingleTensorFunction<FusedParametricLif>
{
    public override string Name => nameof(FusedParametricLif);

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, leak) = ((Tensor)vars[0], (Tensor)vars[1]);
        var lif = (LifParameters)vars[2] with { Tau = 1 / leak.item<float>() };
        var current = input.contiguous();
        context.save_for_backward([current]);
        context.save_data(nameof(lif), lif);
        return FusedLif.Compute(current, (int)input.shape[0], constant: false, lif);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var current = context.get_saved_variables()[0];
        var lif = (LifParameters)context.get_data("lif");
        using var incoming = spikeGradient.contiguous();
        var shape = FusedLif.Shape(current, (int)current.shape[0], constant: false);
        var gradient = empty(current.shape, float32);
        float* x = TensorMemory.Floats(current), dx = TensorMemory.Floats(gradient);
        LifKernel.Backward(TensorMemory.Floats(incoming), x, dx, shape, lif);
        spikeGradient.Dispose();
        return CustomFunction.Gradients(gradient, tensor((float)LifKernel.LeakGradient(x, dx, shape, lif)), null);
    }
}
