using Harness.Datasets.Text;
using Harness.Torch;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Networks;
using Suites.LlmEdge.Quantizing;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Learning;

/// <summary>Training that goes on with rounded linear layers: weights and the steps of their grids are learned together.</summary>
static class QuantizationTraining
{
    /// <param name="trained">What it begins with.</param>
    /// <param name="training">Steps, batches and rates; its shape is that of the model.</param>
    /// <exception cref="TrainingFailedException">A row is no multiple of the group, or training diverged.</exception>
    public static QuantizedModel Of(LanguageModel trained, DecoderTraining training, int bits, int group, TrainingData<TextSample> data,
        RunContext context)
    {
        foreach (var (name, matrix) in NamedMatrices.Of(trained))
            if (matrix.Width % group != 0)
                throw new TrainingFailedException($"Rows of {name} have {matrix.Width} numbers, no multiple of a group of {group}.");
        // Also where the weights it begins with were read and not trained: nothing before decides its bits.
        TorchSession.Begin(context.Seed, context.Threads);
        using var network = DecoderNetwork.Of(trained);
        var grids = network.Blocks.SelectMany(block => block.Matrices).ToDictionary(matrix => matrix.Handle, matrix =>
            new LearnedGrid(matrix, bits, group));
        foreach (var block in network.Blocks) block.View = matrix => grids[matrix.Handle].Of(matrix);
        new DecoderTrainer(training, data, context).Run(network, [.. grids.Values.Select(grid => grid.Relative)]);
        using var plain = network.ToModel(trained.Tokenizer, trained.Name ?? "decoder");
        var rounded = Rounded(network, plain);
        var quantizer = new Quantizer(bits, Group: group);
        var layers = NamedMatrices.Of(rounded).ToDictionary(named => named.Value, named => Precision(named.Key, named.Value, quantizer),
            ReferenceEqualityComparer.Instance as IEqualityComparer<Matrix>);
        return new(rounded, new(ModelPrecision.Size(plain, layers.Values), layers));
    }

    static LanguageModel Rounded(DecoderNetwork network, LanguageModel plain)
    {
        using var quiet = no_grad();
        var values = new Dictionary<string, float[]>();
        foreach (var (block, index) in network.Blocks.Select((block, index) => (block, index)))
            foreach (var (matrix, (name, _)) in block.Matrices.Zip(plain.Layers[index].Matrices))
            {
                using var seen = block.View!(matrix);
                values[$"blk.{index}.{name}"] = seen.data<float>().ToArray();
            }
        return ModelCopy.Of(plain, (name, matrix) => (Packing.F32, values.GetValueOrDefault(name) ?? matrix.Unpacked()));
    }

    static LayerPrecision Precision(string name, Matrix matrix, Quantizer quantizer)
    {
        var bits = quantizer.BitsPerWeight(matrix.Rows, matrix.Width);
        return new(name, bits, (long)Math.Ceiling(bits * matrix.Elements / 8), null, null);
    }
}
