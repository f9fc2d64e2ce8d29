using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing;

/// <summary>Quantizes the linear layers of a model. Embedding, classifier and norms stay as they are.</summary>
public static class ModelQuantizing
{
    /// <summary>Each weight to the nearest point of its grid.</summary>
    public static LanguageModel RoundedToNearest(this LanguageModel model, Quantizer quantizer) => ModelCopy.Of(model, (name, matrix) =>
        IsLinear(name) ? (Packing.F32, quantizer.Rounded(matrix.Unpacked(), matrix.Rows, matrix.Width)) : (matrix.Packing,
            matrix.Unpacked()));

    /// <summary>GPTQ, with inputs as the full model makes them of the calibration texts; layers are not recalibrated one after
    /// another.</summary>
    /// <param name="texts">Tokens; each text begins with an empty cache.</param>
    public static LanguageModel RoundedByGptq(this LanguageModel model, Quantizer quantizer, IEnumerable<IReadOnlyList<int>> texts)
    {
        var products = Products(model, texts);
        return ModelCopy.Of(model, (name, matrix) => IsLinear(name)
            ? (Packing.F32, Gptq.Rounded(matrix.Unpacked(), matrix.Rows, matrix.Width, products[matrix], quantizer))
            : (matrix.Packing, matrix.Unpacked()));
    }

    /// <summary>What the model would take with codes of so many bits in its linear layers.</summary>
    public static Footprint QuantizedSize(this LanguageModel model, Quantizer quantizer)
    {
        var matrices = model.Layers.SelectMany(layer => layer.Matrices.Select(named => named.Matrix)).ToList();
        var bits = matrices.Sum(matrix => matrix.Elements * quantizer.BitsPerWeight(matrix.Rows, matrix.Width));
        var bytes = model.Bytes - matrices.Sum(matrix => matrix.Bytes) + (long)Math.Ceiling(bits / 8);
        return new(model.Parameters, bytes, 8.0 * bytes / model.Parameters);
    }

    /// <summary>Σ x xᵀ of the inputs of every linear layer, by its weights.</summary>
    internal static Dictionary<Matrix, double[]> Products(LanguageModel model, IEnumerable<IReadOnlyList<int>> texts)
    {
        var products = new Dictionary<Matrix, double[]>(ReferenceEqualityComparer.Instance);
        using var decoder = new Decoder(model, new()) { Watch = Add };
        foreach (var text in texts)
        {
            decoder.Reset();
            decoder.Append([.. text]);
        }
        return products;

        void Add(Matrix matrix, Panel panel)
        {
            if (!products.TryGetValue(matrix, out var sums)) products[matrix] = sums = new double[matrix.Width * matrix.Width];
            for (var token = 0; token < panel.View.Tokens; token++)
            {
                var x = panel.Token(token);
                for (var i = 0; i < x.Length; i++)
                    for (var k = 0; k < x.Length; k++) sums[i * x.Length + k] += (double)x[i] * x[k];
            }
        }
    }

    static bool IsLinear(string name) => name.StartsWith("blk.", StringComparison.Ordinal);
}
