using Harness.Spiking.Counting;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Backbones;

/// <summary>Code, backbone and a linear layer: [samples, ...] intensities or frames to [samples, classes].</summary>
sealed class SpikingClassifier : nn.Module<Tensor, Tensor>, IStepwise
{
    readonly SpikingAxes axes;
    readonly InputCoding coding;
    readonly Backbone backbone;
    readonly Readout readout;

    public SpikingClassifier(SpikingAxes axes, Backbone backbone, int classes, OperationLedger ledger) : base(backbone.GetName())
    {
        (this.axes, coding, this.backbone) = (axes, new(axes), backbone);
        readout = new("readout", backbone.Width, classes, ledger);
        RegisterComponents();
    }

    public Backbone Backbone => backbone;

    /// <summary>The input of each step, as <see cref="forward"/> makes it.</summary>
    public Stimulus Encode(Tensor input) => coding.Encode(input, training);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = backbone.Features(Encode(input));
        var summary = backbone.Summary(features);
        return (summary is null ? readout.forward(features.mean([0, 2]))
            : summary.shape[0] == 1 ? readout.forward(summary[0])
            : readout.ForwardSpikes(summary, axes.Rules.Unit)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Logits of each step, [steps, samples, classes]; their mean is what <see cref="forward"/> gives, up to rounding. For losses per step.
    /// </summary>
    public Tensor ForwardSteps(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = backbone.Features(Encode(input));
        var summary = backbone.Summary(features) ?? features.mean([2]);
        if (summary.shape[0] != axes.Steps)
            throw new HarnessException($"The head of {GetName()} mixes the steps, so that no step has an answer of its own: a loss per "
                + "step is not defined; choose another loss.");
        return readout.Steps(summary).MoveToOuterDisposeScope();
    }

    public Circuit Draw(IReadOnlyList<WireAxis> sample, int classes)
    {
        var sketch = new Sketch(axes.Steps);
        var features = backbone.Draw(sketch, Coded(sketch, sketch.Input(sample)));
        var summary = backbone.DrawSummary(sketch, features);
        if (summary is { IsTimed: true })
        {
            sketch.Mean("mean", sketch.Linear("readout", summary, classes, bias: true, "class"), "mean over steps", "step");
            return sketch.Circuit;
        }
        var read = summary ?? sketch.Mean("mean", features, "mean over steps and tokens", "step", "token");
        sketch.Linear("readout", read, classes, bias: true, "class");
        return sketch.Circuit;
    }

    Wire Coded(Sketch sketch, Wire pixels)
    {
        var x = pixels;
        // A sequence is one row of values.
        if (x.Axes.Count == 2)
            x = sketch.Add(new("row", CircuitOperation.Reshape, [x.Name], [x.Axes[0] with { Name = "channel" }, new("row", 1),
                x.Axes[1] with { Name = "column" }]) { Detail = "one row" });
        if (axes.Resolution > 0 && x.Grid != new Grid(axes.Resolution, axes.Resolution))
            x = sketch.Add(new("scaled", CircuitOperation.Reshape, [x.Name], [.. x.Without("row", "column"), new("row", axes.Resolution),
                new("column", axes.Resolution)]) { Detail = "bilinear" });
        return axes.Code == InputCode.Direct ? x : sketch.OverTime("code", x, $"{axes.Code}");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            backbone.Dispose();
            readout.Dispose();
        }
        base.Dispose(disposing);
    }
}
