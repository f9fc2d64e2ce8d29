using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Recurrent;

/// <summary>Recurrent layers that read a sequence step by step, and a linear readout of the last one's states.</summary>
sealed class RecurrentClassifier : nn.Module<Tensor, Tensor>, IStepwise, IPenalized
{
    readonly IReadOnlyList<RecurrentLayer> layers;
    readonly AnswerRule answer;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear readout;
    readonly TorchSharp.Modules.Dropout dropout;

    /// <param name="inputDropout">Share of inputs that training leaves out.</param>
    public RecurrentClassifier(IReadOnlyList<RecurrentLayer> layers, int classes, AnswerRule answer, double inputDropout,
        OperationLedger ledger) : base(layers[^1].GetName())
    {
        (this.layers, this.answer, this.ledger) = (layers, answer, ledger);
        foreach (var (index, layer) in layers.Index()) register_module($"layer{index + 1}", layer);
        readout = nn.Linear(layers[^1].Units, classes);
        dropout = nn.Dropout(inputDropout);
        RegisterComponents();
    }

    /// <summary>[samples, steps, channels] real values to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var states = States(input);
        return readout.forward(answer == AnswerRule.Last ? states[-1] : states.mean([0])).MoveToOuterDisposeScope();
    }

    public Tensor ForwardSteps(Tensor input)
    {
        using var scope = NewDisposeScope();
        return readout.forward(States(input)).MoveToOuterDisposeScope();
    }

    public Tensor? Penalty() => layers.OfType<IPenalized>().Select(layer => layer.Penalty()).OfType<Tensor>()
        .Aggregate((Tensor?)null, (sum, next) => sum is null ? next : sum + next);

    Tensor States(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.transpose(0, 1).contiguous();
        x = training ? dropout.forward(x) : x;
        foreach (var layer in layers) x = layer.forward(x);
        var read = answer == AnswerRule.Last ? x[^1..] : x;
        ledger.Weighted("readout", "linear", read, InputKind.Analog, (double)read.numel() * readout.weight.shape[0],
            readout.weight.numel() * sizeof(float), (int)read.shape[0], Shapes.Linear(read, readout, leading: 2),
            Connection.Linear(readout));
        return x.MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in layers.Append<nn.Module>(readout).Append(dropout)) part.Dispose();
        base.Dispose(disposing);
    }
}
