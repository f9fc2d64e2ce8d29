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
        var batch = Method is OneShotMethod.Wanda or OneShotMethod.SparseGpt ? network.Draw(Calibration, chance) : null;
        // All traces before the first cut: layers are not calibrated one after another.
        var traces = network.Layers.Select(layer => batch?.Trace(layer)).ToList();
        if (Method == OneShotMethod.SparseGpt)
            foreach (var (layer, trace) in network.Layers.Zip(traces)) Rebuild(layer, trace!, product);
        else
            Mark(network.Layers, [.. network.Layers.Zip(traces, (layer, trace) => ScoresOf(layer, trace, chance))]);
    }

    void Rebuild(PrunedLayer layer, LossTrace trace, DenseProduct product)
    {
        var (values, pruned) = SparseGpt.Of(layer.Original, layer.Rows, layer.Width, trace.Products(product), Density);
        layer.Replace(values, pruned);
    }

    float[] ScoresOf(PrunedLayer layer, LossTrace? trace, Chance chance) => Method switch
    {
        OneShotMethod.Wanda => Scores.Wanda(layer, trace!.InputNorms()),
        OneShotMethod.Random => Scores.Random(layer, chance),
        _ => Scores.Magnitude(layer),
    };

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
