using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning;

/// <summary>How the weights that stay are chosen at once.</summary>
public enum OneShotMethod { Magnitude, Random, Wanda, SparseGpt }

/// <summary>Weights that are compared with one another: of each row (output), each layer, or all of the network.</summary>
public enum PruningScope { Row, Layer, Network }

/// <summary>Prunes a network at once, without looking back.</summary>
/// <param name="Density">Share of the weights that stay.</param>
/// <param name="Scope">SparseGPT compares runs of columns and has no use for it.</param>
/// <param name="Calibration">Samples whose inputs Wanda and SparseGPT see.</param>
sealed record OneShot(OneShotMethod Method, double Density, PruningScope Scope, int Calibration)
{
    public void Prune(IPrunable network, Chance chance, DenseProduct product)
    {
        if (Method == OneShotMethod.SparseGpt)
        {
            // All inputs before the first cut: layers are not calibrated one after another.
            foreach (var (layer, products) in Seen(network, chance, trace => trace.Products(product)))
            {
                var (values, pruned) = SparseGpt.Of(layer.Original, layer.Rows, layer.Width, products, Density);
                layer.Replace(values, pruned);
            }
            return;
        }
        var norms = Method == OneShotMethod.Wanda ? Seen(network, chance, trace => trace.InputNorms()) : null;
        Mark(network.Layers, [.. network.Layers.Select(layer => Method switch
        {
            OneShotMethod.Wanda => Scores.Wanda(layer, norms![layer]), OneShotMethod.Random => Scores.Random(layer, chance),
            _ => Scores.Magnitude(layer),
        })]);
    }

    Dictionary<PrunedLayer, T> Seen<T>(IPrunable network, Chance chance, Func<LossTrace, T> what) =>
        network.Draw(Calibration, chance).Traces().ToDictionary(found => found.Layer, found => what(found.Trace));

    void Mark(IReadOnlyList<PrunedLayer> layers, IReadOnlyList<float[]> scores)
    {
        if (Scope == PruningScope.Network)
        {
            var all = Cut.Lowest([.. scores.SelectMany(layer => layer)], scores.Sum(layer => layer.Length), Density).AsSpan();
            foreach (var layer in layers)
            {
                layer.Set(all[..layer.Values.Length]);
                all = all[layer.Values.Length..];
            }
            return;
        }
        foreach (var (layer, one) in layers.Zip(scores))
            layer.Set(Cut.Lowest(one, Scope == PruningScope.Row ? layer.Width : one.Length, Density));
    }
}
