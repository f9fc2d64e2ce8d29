using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

static class TickLedger
{
    /// <summary>Takes note of a dense layer that is about to read <paramref name="input"/>, [sample, ..., channel].</summary>
    /// <param name="steps">How often a pass calls it.</param>
    public static void Linear(this OperationLedger ledger, string name, Tensor input, TorchSharp.Modules.Linear linear, int steps) =>
        ledger.Weighted(name, "linear", input, InputKind.Analog, (double)input.numel() * linear.weight.shape[0],
            linear.weight.numel() * sizeof(float), steps, Shapes.Linear(input, linear, leading: 1), Connection.Linear(linear));
}
