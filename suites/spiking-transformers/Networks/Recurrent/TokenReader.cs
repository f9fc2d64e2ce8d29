using Suites.SpikingTransformers.Learning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>A recurrent classifier that is given a learned vector for each token. Looking up costs no operation.</summary>
sealed class TokenReader : nn.Module<Tensor, Tensor>, IStepwise, IPenalized
{
    readonly Parameter table;
    readonly RecurrentClassifier classifier;

    /// <param name="features">Numbers of a token's vector, the channels that <paramref name="classifier"/> takes.</param>
    public TokenReader(int vocabulary, int features, RecurrentClassifier classifier) : base(classifier.GetName())
    {
        this.classifier = classifier;
        table = new(randn(vocabulary, features));
        RegisterComponents();
    }

    /// <summary>[samples, steps] token ids to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var vectors = Vectors(input);
        return classifier.forward(vectors);
    }

    public Tensor ForwardSteps(Tensor input)
    {
        using var vectors = Vectors(input);
        return classifier.ForwardSteps(vectors);
    }

    public Tensor? Penalty() => classifier.Penalty();

    Tensor Vectors(Tensor tokens)
    {
        using var ids = tokens.flatten();
        using var vectors = table.index_select(0, ids);
        return vectors.view([.. tokens.shape, table.shape[1]]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            table.Dispose();
            classifier.Dispose();
        }
        base.Dispose(disposing);
    }
}
