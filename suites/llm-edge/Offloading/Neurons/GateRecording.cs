using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Predicting;

namespace Suites.LlmEdge.Offloading.Neurons;

/// <summary>Reads texts with every open gate computed, and keeps what the layers saw.</summary>
static class GateRecording
{
    /// <param name="windows">Tokens; each begins with an empty cache and fits into the context.</param>
    /// <returns>By layer.</returns>
    public static IReadOnlyList<LayerSamples> Record(LanguageModel model, NeuronStore store, bool positiveUps,
        IEnumerable<IReadOnlyList<int>> windows, CancellationToken cancellation = default)
    {
        LayerSamples[] samples = [.. Enumerable.Range(0, store.Layers).Select(_ => new LayerSamples(store.Width, store.Hidden))];
        var layers = new SparseFeedForward(store, store, new OpenGates(store), positiveUps)
        { Watch = (layer, x, _, open) => samples[layer].Add(x, open) };
        using var decoder = new Decoder(model, new(Batch: 1)) { OneByOne = layers };
        foreach (var window in windows)
        {
            cancellation.ThrowIfCancellationRequested();
            decoder.Reset();
            decoder.Append([.. window]);
        }
        return samples;
    }
}
