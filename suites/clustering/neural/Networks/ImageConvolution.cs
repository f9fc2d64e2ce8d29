using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>
/// 3 × 3 convolution of square images, [samples, inputs, side, side] to [samples, outputs, side / stride, side / stride], then a batch
/// norm if asked for and an activation.
/// </summary>
sealed class ImageConvolution : Layer
{
    const int Kernel = 3;

    readonly Conv2d _convolution;
    readonly BatchNorm2d? _norm;
    readonly Activation _activation;
    readonly int _inputs, _outputs, _side, _stride;

    /// <param name="side">Of the input; a multiple of <paramref name="stride"/>.</param>
    public ImageConvolution(string name, int inputs, int outputs, int side, int stride, Activation activation, bool norm = true)
        : base(name)
    {
        (_inputs, _outputs, _side, _stride, _activation) = (inputs, outputs, side, stride, activation);
        _convolution = nn.Conv2d(inputs, outputs, Kernel, stride, Kernel / 2);
        _norm = norm ? nn.BatchNorm2d(outputs) : null;
        RegisterComponents();
    }

    public override LayerOperations Operations
    {
        get
        {
            var small = _side / _stride;
            return Weighted(GetName(), "conv", new(_inputs, _side * _side, _outputs, small * small, Kernel * Kernel, _stride, Bias: true),
                _convolution);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = Harness.Torch.Convolution.Of(input, _convolution.weight, _convolution.bias, [_stride, _stride],
            [Kernel / 2, Kernel / 2]);
        if (_norm is not null) output = _norm.forward(output);
        return _activation.Of(output).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _convolution.Dispose();
            _norm?.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>
/// 3 × 3 transposed convolution of stride 2, [samples, inputs, side, side] to [samples, outputs, 2 side, 2 side], batch norm and ReLU.
/// Computed as libtorch's own: both numbers of channels must be multiples of 16 (docs/decisions/0022).
/// </summary>
sealed class ImageWidening : Layer
{
    const int Kernel = 3, Vector = 16;

    readonly ConvTranspose2d _convolution;
    readonly BatchNorm2d _norm;
    readonly int _inputs, _outputs, _side;

    public ImageWidening(string name, int inputs, int outputs, int side) : base(name)
    {
        if (inputs % Vector != 0 || outputs % Vector != 0)
            throw new ArgumentException($"{inputs} to {outputs} channels: both must be multiples of {Vector}.", nameof(inputs));
        (_inputs, _outputs, _side) = (inputs, outputs, side);
        _convolution = nn.ConvTranspose2d(inputs, outputs, Kernel, stride: 2, padding: 1, output_padding: 1);
        _norm = nn.BatchNorm2d(outputs);
        RegisterComponents();
    }

    /// <summary>Of each pixel that comes in one product a tap and channel.</summary>
    public override LayerOperations Operations
    {
        get
        {
            var macs = (double)_side * _side * _inputs * _outputs * Kernel * Kernel;
            return Weighted(GetName(), "conv", new(_inputs, _side * _side, _outputs, 4 * _side * _side, Kernel * Kernel, Bias: true),
                _convolution) with { Macs = macs, DenseOperations = macs };
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _norm.forward(_convolution.forward(input)).relu_().MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _convolution.Dispose();
            _norm.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Numbers in a row to square images of some channels, or back where <paramref name="channels"/> is 0.</summary>
sealed class Reshaping(string name, int channels, int side) : Layer(name)
{
    public override LayerOperations Operations => new(GetName(), "view", 0, 0, 0);

    public override Tensor forward(Tensor input) => channels == 0 ? input.flatten(1) : input.reshape(input.shape[0], channels, side, side);
}
