using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>
/// A linear layer on each token of a backbone, of the mean over steps: [samples, rows, columns, outputs] of the token grid. The backbone
/// knows nothing of what the outputs mean.
/// </summary>
sealed class TokenHead : nn.Module<Tensor, Tensor>
{
    readonly InputCoding coding;
    readonly Backbone backbone;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear head;

    public TokenHead(SpikingAxes axes, Backbone backbone, int outputs, OperationLedger ledger) : base(backbone.GetName())
    {
        (coding, this.backbone, this.ledger) = (new(axes), backbone, ledger);
        head = nn.Linear(backbone.Width, outputs);
        nn.init.normal_(head.weight, 0, 0.02);
        nn.init.zeros_(head.bias);
        RegisterComponents();
    }

    public Grid Grid => backbone.Grid;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = backbone.Features(coding.Encode(input, training)).mean([0]);
        var (outputs, places) = ((int)head.weight.shape[0], backbone.Grid.Tokens);
        ledger.Weighted("head", "linear", tokens, InputKind.Analog, (double)tokens.numel() * outputs,
            head.weight.numel() * sizeof(float), 1, new LayerShape(backbone.Width, places, outputs, places, Bias: true),
            Connection.Linear(head));
        return head.forward(tokens).view(tokens.shape[0], Grid.Rows, Grid.Columns, outputs).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            backbone.Dispose();
            head.Dispose();
        }
        base.Dispose(disposing);
    }
}
