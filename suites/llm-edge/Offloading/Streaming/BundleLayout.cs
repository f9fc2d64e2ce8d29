using Harness.Datasets.Formats;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Streaming;

/// <summary>
/// How a neuron lies in a file: gate row and up row as the model packs them, then the down column, packed anew as a row because a column
/// runs through many blocks; from the beginning of a block of the device on.
/// </summary>
/// <param name="Rows">Packing of gate and up rows.</param>
/// <param name="Column">Packing of the down column: that of the rows, but eight bits where these have fewer.</param>
sealed record BundleLayout(int Width, int Hidden, int Layers, Packing Rows, Packing Column)
{
    const double FewestBits = 8;

    public int RowBytes { get; } = checked((int)Rows.RowBytes(Width));
    public int ColumnBytes { get; } = checked((int)Column.RowBytes(Width));
    public int Bytes => 2 * RowBytes + ColumnBytes;

    /// <summary>Bytes from one neuron to the next, and of a read.</summary>
    public int Stride => DirectFile.Whole(Bytes);

    /// <exception cref="HarnessException">Gates and ups are not of one packing, or no gate is exactly silent.</exception>
    public static BundleLayout Of(LanguageModel model)
    {
        _ = SilentGates.PositiveUpsOf(model.Shape.Gating);
        var rows = model.Layers[0].Gate.Packing;
        foreach (var layer in model.Layers)
            if (layer.Gate.Packing != rows || layer.Up.Packing != rows)
                throw new HarnessException($"Gates and ups are packed as {rows.Name}, {layer.Gate.Packing.Name} and "
                    + $"{layer.Up.Packing.Name}; pack them alike with `harness llm convert --type`.");
        return new(model.Shape.Width, model.Shape.Hidden, model.Shape.Layers, rows, rows.BitsPerWeight < FewestBits
            ? Packing.Q80.Fits(model.Shape.Width) ? Packing.Q80 : Packing.F16 : rows);
    }
}
