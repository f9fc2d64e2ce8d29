using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>One linear layer and a GELU for each of two kinds of samples: equal ones shall have a large product.</summary>
sealed class PairProjections : nn.Module<Tensor, Tensor, Tensor>
{
    readonly TorchSharp.Modules.Linear sounds, images;

    public PairProjections(int soundNeurons, int imageNeurons, int width) : base(nameof(PairProjections))
    {
        (sounds, images) = (nn.Linear(soundNeurons, width), nn.Linear(imageNeurons, width));
        RegisterComponents();
    }

    public int Width => (int)images.weight.shape[0];

    public long SoundWeights => sounds.weight.numel();

    public long ImageWeights => images.weight.numel();

    /// <summary>[sounds, neurons] and [images, neurons] to products [sounds, images], neither normalised nor scaled.</summary>
    public override Tensor forward(Tensor sound, Tensor image)
    {
        using var scope = NewDisposeScope();
        return nn.functional.gelu(sounds.forward(sound)).matmul(nn.functional.gelu(images.forward(image)).t())
            .MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            sounds.Dispose();
            images.Dispose();
        }
        base.Dispose(disposing);
    }
}
