using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>Of which layers an autoencoder is made.</summary>
public enum AutoencoderForm
{
    /// <summary>Four convolutions of 16, 32, 32 and 16 channels and two dense layers: for square images of one channel.</summary>
    Convolution,
    /// <summary>Dense layers of 500, 500 and 2000 units: for any points.</summary>
    Perceptron,
}

/// <summary>An encoder to a short code and its mirror image as decoder, both as published with TELL (Peng et al. 2022).</summary>
sealed class Autoencoder : nn.Module
{
    const int Channels = 16, InnerChannels = 32, Hidden = 256;

    readonly Chain _encoder, _decoder;
    // Length that a code has before the decoder, where its length is not free.
    double? _length;

    /// <param name="dropout">Share of inputs that the perceptron's encoding layers lose in a training step.</param>
    /// <exception cref="TrainingFailedException">The form does not fit points of so many dimensions.</exception>
    public Autoencoder(AutoencoderForm form, int dimensions, int code, double dropout = 0) : base("autoencoder")
    {
        (_encoder, _decoder) = form == AutoencoderForm.Convolution ? Convolutions(dimensions, code)
            : Perceptrons(dimensions, code, dropout);
        RegisterComponents();
    }

    /// <summary>Of encoding, which is what a prediction takes.</summary>
    public IReadOnlyList<LayerOperations> Operations => _encoder.Operations;

    /// <summary>
    /// From now on codes are directions. The decoder goes on with codes of this length, so that what it has learnt stays of use.
    /// </summary>
    /// <param name="length">The mean length of codes so far.</param>
    public void UseDirections(double length) => _length = length;

    /// <summary>[samples, dimensions], each in 0..1, to [samples, code]; of length 1 after <see cref="UseDirections"/>.</summary>
    public Tensor Encode(Tensor points)
    {
        using var scope = NewDisposeScope();
        var code = _encoder.forward(points);
        return (_length is null ? code : nn.functional.normalize(code)).MoveToOuterDisposeScope();
    }

    /// <summary>[samples, code] to [samples, dimensions], each in 0..1.</summary>
    public Tensor Decode(Tensor codes)
    {
        using var scope = NewDisposeScope();
        return _decoder.forward(_length is { } length ? codes * length : codes).MoveToOuterDisposeScope();
    }

    static (Chain, Chain) Perceptrons(int dimensions, int code, double dropout) =>
        (new("encoder", new Dense("encode1", dimensions, 500, Activation.Relu, dropout: dropout),
            new Dense("encode2", 500, 500, Activation.Relu, dropout: dropout),
            new Dense("encode3", 500, 2000, Activation.Relu, dropout: dropout),
            new Dense("encode4", 2000, code, Activation.None, dropout: dropout)),
        new("decoder", new Dense("decode1", code, 2000, Activation.Relu), new Dense("decode2", 2000, 500, Activation.Relu),
            new Dense("decode3", 500, 500, Activation.Relu), new Dense("decode4", 500, dimensions, Activation.Sigmoid)));

    static (Chain, Chain) Convolutions(int dimensions, int code)
    {
        var side = SquareImage.Side(dimensions, multiple: 4);
        var (half, quarter) = (side / 2, side / 4);
        var inner = Channels * quarter * quarter;
        return (new("encoder", new Reshaping("image", 1, side),
                new ImageConvolution("encode1", 1, Channels, side, 1, Activation.Relu),
                new ImageConvolution("encode2", Channels, InnerChannels, side, 2, Activation.Relu),
                new ImageConvolution("encode3", InnerChannels, InnerChannels, half, 1, Activation.Relu),
                new ImageConvolution("encode4", InnerChannels, Channels, half, 2, Activation.Relu),
                new Reshaping("flat", 0, 0), new Dense("encode5", inner, Hidden, Activation.Relu),
                new Dense("encode6", Hidden, code, Activation.None)),
            new("decoder", new Dense("decode1", code, Hidden, Activation.Relu), new Dense("decode2", Hidden, inner, Activation.None),
                new Reshaping("maps", Channels, quarter), new ImageWidening("decode3", Channels, InnerChannels, quarter),
                // Of stride 1, a transposed convolution is a convolution.
                new ImageConvolution("decode4", InnerChannels, InnerChannels, half, 1, Activation.Relu),
                new ImageWidening("decode5", InnerChannels, Channels, half),
                new ImageConvolution("decode6", Channels, 1, side, 1, Activation.Sigmoid, norm: false), new Reshaping("pixels", 0, 0)));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _encoder.Dispose();
            _decoder.Dispose();
        }
        base.Dispose(disposing);
    }
}
