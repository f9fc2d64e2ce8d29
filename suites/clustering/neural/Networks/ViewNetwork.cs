using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>An encoder, and a projection of what it says, which is used in training only.</summary>
sealed class ViewNetwork : nn.Module
{
    readonly Chain _encoder, _projector;

    public ViewNetwork(EncoderForm form, int dimensions, int length) : base("views")
    {
        _encoder = Encoders.Create(form, dimensions);
        _projector = new("projector", new Dense("hidden", Encoders.Width, Encoders.Width, Activation.Relu, norm: true),
            new Dense("output", Encoders.Width, length, Activation.None));
        RegisterComponents();
    }

    /// <summary>Of encoding, which is what a prediction takes.</summary>
    public IReadOnlyList<LayerOperations> Operations => _encoder.Operations;

    /// <summary>[samples, dimensions] to representations [samples, <see cref="Encoders.Width"/>].</summary>
    public Tensor Encode(Tensor points) => _encoder.forward(points);

    /// <summary>[samples, dimensions] to projections [samples, length], each of length 1.</summary>
    public Tensor Project(Tensor points)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(_projector.forward(_encoder.forward(points))).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _encoder.Dispose();
            _projector.Dispose();
        }
        base.Dispose(disposing);
    }
}
