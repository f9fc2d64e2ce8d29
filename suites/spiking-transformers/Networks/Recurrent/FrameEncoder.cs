using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>The same linear map at every step: as many numbers as the layers behind it have units.</summary>
sealed class FrameEncoder : RecurrentLayer
{
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;

    public FrameEncoder(int inputs, int units, OperationLedger ledger) : base(nameof(FrameEncoder), units)
    {
        this.ledger = ledger;
        linear = nn.Linear(inputs, units);
        RegisterComponents();
    }

    /// <summary>[steps, samples, inputs] to [steps, samples, units].</summary>
    public override Tensor forward(Tensor input)
    {
        ledger.Weighted("encoder", "linear", input, InputKind.Analog, (double)input.numel() * linear.weight.shape[0],
            linear.weight.numel() * sizeof(float), (int)input.shape[0], Shapes.Linear(input, linear, leading: 2),
            Connection.Linear(linear));
        return linear.forward(input);
    }
}
