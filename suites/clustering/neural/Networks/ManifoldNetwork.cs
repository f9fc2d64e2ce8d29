using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>Of which layers an encoder without decoder is made.</summary>
public enum EncoderForm
{
    /// <summary>Two convolutions of stride 2 with 16 and 32 channels and a dense layer of 256: for square images of one channel.</summary>
    Convolution,
    /// <summary>Two dense layers of 256: for any points.</summary>
    Perceptron,
}

static class Encoders
{
    /// <summary>Numbers that an encoder gives.</summary>
    public const int Width = 256;

    const int Channels = 16, InnerChannels = 32;

    /// <summary>[samples, dimensions] to [samples, <see cref="Width"/>], batch norms and ReLU after each layer.</summary>
    /// <exception cref="TrainingFailedException">The form does not fit points of so many dimensions.</exception>
    public static Chain Create(EncoderForm form, int dimensions)
    {
        if (form == EncoderForm.Perceptron)
            return new("encoder", new Dense("encode1", dimensions, Width, Activation.Relu, norm: true),
                new Dense("encode2", Width, Width, Activation.Relu, norm: true));
        var side = SquareImage.Side(dimensions, multiple: 4);
        return new("encoder", new Reshaping("image", 1, side), new ImageConvolution("encode1", 1, Channels, side, 2, Activation.Relu),
            new ImageConvolution("encode2", Channels, InnerChannels, side / 2, 2, Activation.Relu), new Reshaping("flat", 0, 0),
            new Dense("encode3", InnerChannels * side / 4 * (side / 4), Width, Activation.Relu, norm: true));
    }
}

/// <summary>
/// An encoder with two heads: features that are to fill subspaces, and directions whose cosines say what belongs together.
/// </summary>
sealed class ManifoldNetwork : nn.Module
{
    readonly Chain _encoder, _features, _clusters;

    public ManifoldNetwork(EncoderForm form, int dimensions, int length) : base("manifolds")
    {
        _encoder = Encoders.Create(form, dimensions);
        _features = Head("features", length);
        _clusters = Head("clusters", length);
        RegisterComponents();
    }

    /// <summary>[samples, dimensions] to features and cluster directions, both [samples, length], each of length 1.</summary>
    public (Tensor Features, Tensor Clusters) Encode(Tensor points)
    {
        using var scope = NewDisposeScope();
        var encoded = _encoder.forward(points);
        return (nn.functional.normalize(_features.forward(encoded)).MoveToOuterDisposeScope(),
            nn.functional.normalize(_clusters.forward(encoded)).MoveToOuterDisposeScope());
    }

    /// <summary>Gives the cluster head the weights of the feature head.</summary>
    public void CopyFeatureHead()
    {
        using var _ = no_grad();
        var target = _clusters.state_dict();
        foreach (var (name, tensor) in _features.state_dict()) target[name].copy_(tensor);
    }

    static Chain Head(string name, int length) => new(name, new Dense("hidden", Encoders.Width, Encoders.Width, Activation.Relu),
        new Dense("output", Encoders.Width, length, Activation.None));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in (nn.Module[])[_encoder, _features, _clusters]) part.Dispose();
        base.Dispose(disposing);
    }
}
