using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing.Folding;
using Suites.LlmEdge.Quantizing.MixedPrecision;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Suites.LlmEdge.Quantizing;

/// <summary>A model whose linear layers were rounded, and how narrow they are. Embedding, classifier and norms stay as they are.</summary>
sealed record QuantizedModel(LanguageModel Model, ModelPrecision Precision);

/// <summary>Quantizes the linear layers of a model: scales folded, bits given out, weights rounded, grids of inputs found.</summary>
sealed class ModelQuantizing
{
    const int SensitivityWindows = 8;

    static readonly int[] Widths = [2, 3, 4, 5, 6, 7, 8];

    readonly Quantization _quantization;
    readonly IReadOnlyList<IReadOnlyList<int>> _windows;
    readonly LanguageModel _model;
    readonly Dictionary<string, InputStatistics>? _inputs;
    readonly CancellationToken _cancellation;

    ModelQuantizing(LanguageModel model, Dictionary<string, InputStatistics>? inputs, Quantization quantization,
        IReadOnlyList<IReadOnlyList<int>> windows, CancellationToken cancellation) =>
        (_model, _inputs, _quantization, _windows, _cancellation) = (model, inputs, quantization, windows, cancellation);

    /// <param name="windows">Tokens for calibration; each begins with an empty cache. Inputs are those of the full model: layers are not
    /// calibrated one after another.</param>
    /// <exception cref="HarnessException">The method needs calibration texts and there are none.</exception>
    public static QuantizedModel Of(LanguageModel model, Quantization quantization, IReadOnlyList<IReadOnlyList<int>> windows,
        CancellationToken cancellation = default)
    {
        var inputs = windows.Count == 0 ? null : LayerInputs.Of(model, windows);
        if (quantization.Scaling == ChannelScaling.None)
            return new ModelQuantizing(model, inputs, quantization, windows, cancellation).Run();
        if (inputs is null)
            throw new HarnessException($"{quantization.Scaling} scales channels by their inputs, and there are no calibration texts.");
        var scales = quantization.Scaling == ChannelScaling.Awq
            ? Awq.Scales(model, inputs, quantization.QuantizerOf(quantization.Bits))
            : SmoothQuant.Scales(model, inputs, quantization.Migration);
        using var folded = scales.Apply(model);
        return new ModelQuantizing(folded, scales.Apply(inputs), quantization, windows, cancellation).Run();
    }

    QuantizedModel Run()
    {
        var (matrices, bits) = (NamedMatrices.Of(_model), Bits());
        var rounded = matrices.ToDictionary(named => named.Key, named => Rounded(named.Key, bits[named.Key]));
        var layers = matrices.ToDictionary(named => named.Key, named => Precision(named.Key, named.Value, rounded[named.Key]));
        var copy = ModelCopy.Of(_model, (name, matrix) => rounded.TryGetValue(name, out var one) ? (Packing.F32, one.Values)
            : (matrix.Packing, matrix.Unpacked()));
        var named = NamedMatrices.Of(copy);
        var byMatrix = named.ToDictionary(entry => entry.Value, entry => layers[entry.Key],
            ReferenceEqualityComparer.Instance as IEqualityComparer<Matrix>);
        return new(copy, new(ModelPrecision.Size(_model, layers.Values), byMatrix, Inputs(named), _quantization.CacheBits));
    }

    RoundedMatrix Rounded(string name, int bits)
    {
        _cancellation.ThrowIfCancellationRequested();
        var matrix = NamedMatrices.Of(_model)[name];
        return WeightRounding.Of(_quantization.Method, _quantization.QuantizerOf(bits), _quantization.LargestFirst, matrix.Unpacked(),
            matrix.Rows, matrix.Width, _inputs?[name]);
    }

    Dictionary<string, int> Bits()
    {
        var matrices = NamedMatrices.Of(_model);
        if (_quantization.AverageBits is not { } average) return matrices.ToDictionary(named => named.Key, _ => _quantization.Bits);
        if (_windows.Count == 0) throw new HarnessException("Bits are given out by the loss on calibration texts, and there are none.");
        var choices = Sensitivity.Of(_model, [.. _windows.Take(SensitivityWindows)], Widths, Rounded, _cancellation);
        var chosen = BitBudget.Choose([.. choices.Values], Budget(choices, average));
        return choices.Keys.Zip(chosen).ToDictionary(pair => pair.First, pair => pair.Second.Bits);
    }

    // The size of uniform grids of so many bits; between whole numbers of bits it lies as far as they say.
    static long Budget(Dictionary<string, IReadOnlyList<BitChoice>> choices, double average)
    {
        double Size(int bits) => choices.Values.Sum(list => list.Single(choice => choice.Bits == bits).Size);
        var (low, high) = ((int)Math.Floor(average), (int)Math.Ceiling(average));
        return (long)Math.Floor(Size(low) + (average - low) * (Size(high) - Size(low)));
    }

    LayerPrecision Precision(string name, Matrix matrix, RoundedMatrix rounded) => new(name, rounded.BitsPerWeight,
        (long)Math.Ceiling(rounded.BitsPerWeight * matrix.Elements / 8),
        rounded.CodeBits is { } bits && _quantization.Activations != ActivationGrid.Float ? Math.Max(bits, _quantization.ActivationBits)
            : null,
        _inputs is null ? null : Decibels(_inputs[name], matrix.Unpacked(), rounded.Values));

    static double Decibels(InputStatistics inputs, float[] values, float[] rounded) =>
        10 * Math.Log10(inputs.OutputError(values, new float[values.Length]) / Math.Max(inputs.OutputError(values, rounded), 1e-300));

    ActivationRounding? Inputs(Dictionary<string, Matrix> named)
    {
        if (_quantization.Activations == ActivationGrid.Float) return null;
        var bits = _quantization.ActivationBits;
        if (_quantization.Activations == ActivationGrid.Static && _inputs is null)
            throw new HarnessException("Static grids of activations are found on calibration texts, and there are none; choose per_token.");
        var grids = named.ToDictionary(entry => entry.Value, entry => _quantization.Activations == ActivationGrid.PerToken ? (Grid?)null
            : Grid.Symmetric(_inputs![entry.Key].Largest.Max(), bits), ReferenceEqualityComparer.Instance as IEqualityComparer<Matrix>);
        return new(grids, bits);
    }
}
