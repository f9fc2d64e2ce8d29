using Harness.Datasets;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Pruning;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Decoders;

namespace Suites.LlmEdge.Families;

/// <summary>Prunes a language model and computes what is left. Its curve has a point for the first cut and one for each block.</summary>
static class PrunedDecoder
{
    const int Prompt = 32;
    const int Generate = 64;

    /// <exception cref="TrainingFailedException">There is no sequence to calibrate on.</exception>
    public static DecodedModel Make(LanguageModel model, DecoderPruning pruning, TrainingData<TextSample> data, RunContext context)
    {
        var (dense, chance) = (new DenseDecoder(model), new Chance(unchecked((ulong)context.Seed)));
        if (pruning.Method != PruningMethod.None) Prune(dense, model, pruning, data, chance, context);
        return new(dense.ToModel(), Sampling.Greedy, Prompt, Generate, context, dense.PrunedSize());
    }

    static void Prune(DenseDecoder dense, LanguageModel model, DecoderPruning pruning, TrainingData<TextSample> data, Chance chance,
        RunContext context)
    {
        var (start, point) = (context.Time.GetTimestamp(), 0);
        var sequences = Sequences(model, pruning, data, context);
        using var product = new DenseProduct(context.Threads);
        var network = new PrunableDecoder(dense, sequences, product);
        var plan = new PruningPlan(pruning.Method, pruning.Start, pruning.Density, pruning.Scope, pruning.Calibration, pruning.Blocks);
        plan.Cut(network, chance, product);
        Report(network.Draw(pruning.Blocks.Samples, chance).Loss(), null);
        List<BlockStep> steps = [];
        foreach (var step in plan.Improve(network, chance, product, context.Time))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            steps.Add(step);
            Report(step.LossAfter, step.Step == pruning.Blocks.Steps ? BlockStep.Told(steps) : null);
        }

        // Of a token, as others state it; the loss of the steps is that of a sequence.
        void Report(double loss, string? note) => context.Progress.Report(new(++point, loss / (pruning.Window - 1), null,
            context.Time.GetElapsedTime(start).TotalSeconds) { Note = note });
    }

    static List<int[]> Sequences(LanguageModel model, DecoderPruning pruning, TrainingData<TextSample> data, RunContext context)
    {
        if (pruning.Window > model.Shape.Context)
            throw new TrainingFailedException($"Sequences of {pruning.Window} tokens do not fit into the model's context of "
                + $"{model.Shape.Context}; make the window shorter.");
        List<int[]> sequences =
        [
            .. CalibrationSequences.OfTexts(model, data.Training, pruning.Window),
            .. CalibrationSequences.Written(model, pruning.Written, pruning.Window, unchecked((ulong)context.Seed)),
        ];
        return sequences.Count > 0 ? sequences : throw new TrainingFailedException("The training part has no text of "
            + $"{pruning.Window} tokens to calibrate on; make the window shorter, or let the model write some (written).");
    }
}
