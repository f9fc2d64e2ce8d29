using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Backbones;

/// <summary>
/// A network up to its features, so that any head can stand on it: classes of the whole input, of each token, boxes.
/// </summary>
abstract class Backbone(string name) : nn.Module(name)
{
    /// <summary>Features of a token.</summary>
    public abstract int Width { get; }

    /// <summary>Where the tokens lie.</summary>
    public abstract Grid Grid { get; }

    /// <summary>[steps, samples, tokens, width]: counts of spikes or membranes.</summary>
    public abstract Tensor Features(Stimulus input);

    /// <summary>Adds itself to a circuit, up to the features.</summary>
    public abstract Wire Draw(Sketch sketch, Wire input);

    /// <summary>
    /// What a head of the whole input reads of the features, [steps, samples, width], where it is not their mean over tokens; else null.
    /// </summary>
    public virtual Tensor? Summary(Tensor features) => null;

    /// <summary>The same for a circuit.</summary>
    public virtual Wire? DrawSummary(Sketch sketch, Wire features) => null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in children()) part.Dispose();
        base.Dispose(disposing);
    }
}
