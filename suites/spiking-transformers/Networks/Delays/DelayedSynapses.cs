using Harness.Spiking.Counting;
using Harness.Spiking.Delays;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Delays;

/// <summary>
/// Synapses between two layers, each with a weight and a delay, no bias. While training, learned delays are spread over steps by a Gaussian
/// whose width shrinks; in evaluation they are whole numbers of steps.
/// </summary>
sealed class DelayedSynapses : nn.Module<Tensor, Tensor>
{
    // SNN-delays: sigma goes from half the kernel to 0.23 within the first quarter of the epochs, and 0.27 is added to it throughout.
    const double NarrowWidth = 0.23;
    const double LeastWidth = 0.27;
    const double ShareOfEpochs = 0.25;

    readonly string layer;
    readonly DelayRule rule;
    readonly int longest;
    readonly OperationLedger ledger;
    readonly Parameter weight;
    readonly Tensor delays;
    double width;

    public DelayedSynapses(string layer, int inputs, int outputs, DelayRule rule, int longest, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.rule, this.longest, this.ledger) = (layer, rule, longest, ledger);
        weight = new(empty(outputs, inputs));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        width = longest / 2;
        if (rule == DelayRule.Learned)
        {
            delays = new Parameter(rand(outputs, inputs) * longest);
            register_parameter(nameof(delays), (Parameter)delays);
        }
        else
        {
            delays = rule == DelayRule.None ? zeros([outputs, inputs], int64) : randint(longest + 1, [outputs, inputs], int64);
            register_buffer(nameof(delays), delays);
        }
        RegisterComponents();
    }

    public Tensor Weight => weight;

    /// <summary>[outputs, inputs], int64, in steps: what inference uses.</summary>
    public Tensor WholeDelays()
    {
        using var mode = no_grad();
        return rule == DelayRule.Learned ? delays.round().clamp(0, longest).to(int64) : delays.clone();
    }

    /// <summary>[steps, samples, inputs] to [steps, samples, outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Count(input);
        return Currents(input).MoveToOuterDisposeScope();
    }

    Tensor Currents(Tensor input)
    {
        if (rule == DelayRule.None) return nn.functional.linear(input, weight);
        if (rule == DelayRule.Fixed || !training) return DelayedLinear.Whole(input, weight, WholeDelays());
        using (no_grad()) delays.clamp_(0, longest);
        return DelayedLinear.Spaced(input, weight, delays, longest, DelayKernel.Gaussian, width + LeastWidth);
    }

    /// <inheritdoc cref="IAnnealed.Anneal"/>
    public void Anneal(int epoch, int epochs)
    {
        var share = Math.Min(1, (epoch - 1) / Math.Max(1, ShareOfEpochs * epochs));
        var widest = Math.Max(NarrowWidth, longest / 2);
        width = widest * Math.Pow(NarrowWidth / widest, share);
    }

    void Count(Tensor input)
    {
        if (!ledger.Recording) return;
        var (inputs, outputs) = ((int)weight.shape[1], (int)weight.shape[0]);
        // A delay of up to 255 steps is a byte beside its weight.
        var bytes = weight.numel() * (sizeof(float) + (rule == DelayRule.None ? 0 : sizeof(byte)));
        ledger.Weighted(layer, "linear", input, InputKind.Spikes, (double)input.numel() * outputs, bytes, (int)input.shape[0],
            new LayerShape(inputs, 1, outputs, 1), Connection.Linear(weight));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            weight.Dispose();
            delays.Dispose();
        }
        base.Dispose(disposing);
    }
}
