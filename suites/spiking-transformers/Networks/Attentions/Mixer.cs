using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// What an attention does to its projections: [steps, samples, tokens, parts x width] to [steps, samples, tokens, width].
/// </summary>
abstract class Mixer(string name, string layer, AttentionShape shape) : Layer(name)
{
    protected string Label => layer;
    protected AttentionShape Shape => shape;

    /// <summary>Projections it takes: query, key, value, or the first two.</summary>
    public virtual int Parts => 3;

    protected Wire[] Split(Sketch sketch, Wire projected)
    {
        var axes = projected.Without(projected.Last.Name);
        string[] names = ["query", "key", "value"];
        return [.. names.Take(Parts).Select(part => sketch.Add(new($"{layer}.{part}", CircuitOperation.Split, [projected.Name],
            [.. axes, new("head", shape.Heads), new("feature", shape.HeadWidth)])))];
    }
}
