using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Pruning.Decoders;

/// <summary>Weights of one block as floats that may be pruned.</summary>
/// <param name="Layers">In the order of <see cref="Layer.Matrices"/>.</param>
sealed record DenseBlock(IReadOnlyList<PrunedLayer> Layers, float[] AttentionNorm, float[] FeedForwardNorm)
{
    public PrunedLayer Query => Layers[0];
    public PrunedLayer Key => Layers[1];
    public PrunedLayer Value => Layers[2];
    public PrunedLayer Output => Layers[3];
    public PrunedLayer Gate => Layers[4];
    public PrunedLayer Up => Layers[5];
    public PrunedLayer Down => Layers[6];
}

/// <summary>
/// The weights of a language model as floats. Linear layers of its blocks may be pruned; embedding, classifier and norms not.
/// </summary>
sealed class DenseDecoder
{
    readonly LanguageModel _model;

    /// <exception cref="UnsupportedException">The model adds biases.</exception>
    public DenseDecoder(LanguageModel model)
    {
        if (model.Layers.Any(layer => (layer.QueryBias ?? layer.KeyBias ?? layer.ValueBias) is not null))
            throw new UnsupportedException("A language model with biases cannot be pruned by its loss; give one without.");
        (_model, Embedding) = (model, model.Embedding.Unpacked());
        Classifier = model.Tied ? Embedding : model.Classifier.Unpacked();
        Blocks = [.. model.Layers.Select((layer, index) => new DenseBlock(
            [.. layer.Matrices.Select(named => new PrunedLayer(Name(index, named.Name), named.Matrix.Rows, named.Matrix.Width,
                named.Matrix.Unpacked()))], layer.AttentionNorm, layer.FeedForwardNorm))];
    }

    public ModelShape Shape => _model.Shape;

    /// <summary>[vocabulary, width]</summary>
    public float[] Embedding { get; }

    /// <summary>[vocabulary, width]; the embedding itself where both are tied.</summary>
    public float[] Classifier { get; }

    public float[] FinalNorm => _model.FinalNorm;

    public IReadOnlyList<DenseBlock> Blocks { get; }

    public IReadOnlyList<PrunedLayer> Layers => [.. Blocks.SelectMany(block => block.Layers)];

    /// <summary>The model with the weights as they are now; dispose it after use.</summary>
    public LanguageModel ToModel()
    {
        var values = Layers.ToDictionary(layer => layer.Name, layer => layer.Values);
        return ModelCopy.Of(_model, (name, matrix) =>
            values.TryGetValue(name, out var now) ? (Packing.F32, now) : (matrix.Packing, matrix.Unpacked()));
    }

    /// <summary>What the model takes where kept weights are floats and one bit for each weight says whether it is kept.</summary>
    public Footprint PrunedSize()
    {
        var (all, kept) = (Layers.Sum(layer => (long)layer.Values.Length), Layers.Sum(layer => (long)layer.Kept));
        var parameters = _model.Parameters - all + kept;
        var bytes = sizeof(float) * parameters + (kept == all ? 0 : (all + 7) / 8);
        return new(parameters, bytes, 8.0 * bytes / parameters);
    }

    static string Name(int block, string matrix) => $"blk.{block}.{matrix}";
}
