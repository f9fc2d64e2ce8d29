using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>What a <see cref="UNet"/> is made of.</summary>
interface IVoxelUnits
{
    /// <summary>The convolution that sees the image.</summary>
    nn.Module<Tensor, Tensor> First(string layer, int inputs, int outputs);
    nn.Module<Tensor, Tensor> Convolution(string layer, int inputs, int outputs);
    /// <summary>Doubles the size.</summary>
    nn.Module<Tensor, Tensor> Widening(string layer, int inputs, int outputs);

    /// <summary>Makes features [samples, ...] of what the last convolution gives.</summary>
    Tensor Read(Tensor output);
}

/// <summary>Convolutions and ReLU.</summary>
sealed class AnalogUnits(OperationLedger ledger) : IVoxelUnits
{
    public nn.Module<Tensor, Tensor> First(string layer, int inputs, int outputs) => new Convolution(layer, inputs, outputs, ledger);
    public nn.Module<Tensor, Tensor> Convolution(string layer, int inputs, int outputs) => new Convolution(layer, inputs, outputs, ledger);
    public nn.Module<Tensor, Tensor> Widening(string layer, int inputs, int outputs) => new Widening(layer, inputs, outputs, ledger);
    public Tensor Read(Tensor output) => output;
}

/// <summary>
/// Convolutions, batch norm and LIF. The image is the same current at all steps, and a feature is a neuron's rate over them.
/// </summary>
sealed class SpikingUnits(int steps, LifParameters lif, OperationLedger ledger) : IVoxelUnits
{
    public nn.Module<Tensor, Tensor> First(string layer, int inputs, int outputs) =>
        new SpikingConvolution(layer, inputs, outputs, steps, lif, ledger, constant: true);

    public nn.Module<Tensor, Tensor> Convolution(string layer, int inputs, int outputs) =>
        new SpikingConvolution(layer, inputs, outputs, steps, lif, ledger, constant: false);

    public nn.Module<Tensor, Tensor> Widening(string layer, int inputs, int outputs) =>
        new SpikingWidening(layer, inputs, outputs, steps, lif, ledger);

    public Tensor Read(Tensor output)
    {
        using var scope = NewDisposeScope();
        return output.unflatten(0, [steps, -1]).mean([0]).MoveToOuterDisposeScope();
    }
}
