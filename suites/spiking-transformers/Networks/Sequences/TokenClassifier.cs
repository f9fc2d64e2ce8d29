using Suites.SpikingTransformers.Learning;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>
/// A classifier of real-valued sequences that reads tokens: each token is a learned vector, each position too; their sum is the current of
/// the sequence embedding. Looking up costs no operation.
/// </summary>
sealed class TokenClassifier : nn.Module<Tensor, Tensor>, IStepwise
{
    readonly Parameter table;
    readonly Parameter places;
    readonly SpikingClassifier classifier;

    /// <param name="features">Numbers of a token's vector, the channels that <paramref name="classifier"/> takes.</param>
    public TokenClassifier(int vocabulary, int length, int features, SpikingClassifier classifier) : base(classifier.GetName())
    {
        this.classifier = classifier;
        table = new(randn(vocabulary, features));
        places = new(randn(features, length) * 0.1);
        RegisterComponents();
    }

    /// <summary>[samples, length] token ids to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return classifier.forward(Currents(input)).MoveToOuterDisposeScope();
    }

    public Tensor ForwardSteps(Tensor input)
    {
        using var scope = NewDisposeScope();
        return classifier.ForwardSteps(Currents(input)).MoveToOuterDisposeScope();
    }

    // [samples, features, length].
    Tensor Currents(Tensor tokens)
    {
        var vectors = table.index_select(0, tokens.flatten()).view([.. tokens.shape, table.shape[1]]);
        return (vectors.transpose(1, 2) + places).contiguous();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            table.Dispose();
            places.Dispose();
            classifier.Dispose();
        }
        base.Dispose(disposing);
    }
}
