using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>3×3×3 convolution of the same size and ReLU.</summary>
sealed class Convolution : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Conv3d convolution;

    public Convolution(string layer, int inputs, int outputs, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.ledger) = (layer, ledger);
        convolution = nn.Conv3d(inputs, outputs, kernel_size: 3, padding: 1);
        nn.init.kaiming_normal_(convolution.weight, nonlinearity: nn.init.NonlinearityType.ReLU);
        nn.init.zeros_(convolution.bias);
        RegisterComponents();
    }

    /// <summary>[samples, channels, z, y, x] real values to non-negative ones.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        ledger.Weighted(layer, "conv", input, InputKind.Analog, (double)input.numel() * 27 * convolution.weight.shape[0],
            convolution.weight.numel() * sizeof(float), 1,
            Shapes.Convolution(input, convolution, steps: 1));
        return Harness.Torch.Convolution.SameSize(input, convolution.weight, convolution.bias).relu_().MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) convolution.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Transposed 2×2×2 convolution of stride 2: doubles the size.</summary>
sealed class Widening : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly OperationLedger ledger;
    readonly InputKind kind;
    readonly int steps;
    readonly TorchSharp.Modules.ConvTranspose3d convolution;

    public Widening(string layer, int inputs, int outputs, OperationLedger ledger, InputKind kind = InputKind.Analog, int steps = 1)
        : base(layer)
    {
        (this.layer, this.ledger, this.kind, this.steps) = (layer, ledger, kind, steps);
        convolution = nn.ConvTranspose3d(inputs, outputs, 2, stride: 2);
        RegisterComponents();
    }

    /// <summary>[samples, inputs, z, y, x] to [samples, outputs, 2z, 2y, 2x].</summary>
    public override Tensor forward(Tensor input)
    {
        ledger.Weighted(layer, "conv", input, kind, (double)input.numel() * 8 * convolution.weight!.shape[1],
            convolution.weight!.numel() * sizeof(float), steps,
            Shapes.Doubling(input, convolution, steps));
        return convolution.forward(input);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) convolution.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A linear map of single voxels. Where their number differs between images, the shape told is that of the first.</summary>
sealed class VoxelLinear : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;

    public VoxelLinear(string layer, int inputs, int outputs, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.ledger) = (layer, ledger);
        linear = nn.Linear(inputs, outputs);
        RegisterComponents();
    }

    /// <summary>[voxels, inputs] to [voxels, outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        ledger.Weighted(layer, "linear", input, InputKind.Analog, (double)input.numel() * linear.weight.shape[0],
            linear.weight.numel() * sizeof(float), 1,
            Shapes.Linear(input, linear, leading: 0));
        return linear.forward(input);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) linear.Dispose();
        base.Dispose(disposing);
    }
}
