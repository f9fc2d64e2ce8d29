using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Offloading.Planning;
using Suites.LlmEdge.Offloading.Policies;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Offloading.Storage;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Offloading.Running;

/// <summary>What has to be known of a model before it is offloaded: activations on calibration texts, predictors, sizes, a plan.</summary>
sealed record OffloadingPreparation(LanguageModel Model, NeuronStore Store, bool PositiveUps,
    ActivationPredictor? Predictor, INeuronSelector Selector, OffloadingSizes Sizes, PolicySetup Setup, OffloadingPolicy Policy,
    ResidencyPlan Plan)
{
    const int ValidationPart = 4;

    /// <summary>Neurons that are computed for every token, by layer; null where none are.</summary>
    public IReadOnlyList<bool[]>? Always { get; } = Plan.Hot == 0 ? null : [.. Plan.Rank.Select(rank => rank.Select(place =>
        place < Plan.Hot).ToArray())];

    public IWeightPolicy NewPolicy() => Setup.Create(Policy, Plan);

    /// <summary>All weights streamed under the same cap, which holds no predictors then.</summary>
    public IWeightPolicy NewStreaming() => (Setup with { Neurons = Sizes.CapBytes - (Sizes.ModelBytes - Sizes.Layout.Bytes) })
        .Create(OffloadingPolicy.DenseStreaming, Plan);

    /// <exception cref="HarnessException">The gates are not exactly silent, texts are too short, or the cap is too small.</exception>
    public static OffloadingPreparation Of(LanguageModel model, TrainingData<TextSample> data, OffloadingOptions options,
        PredictorOptions predictors, RunContext context)
    {
        var positiveUps = SilentGates.PositiveUpsOf(model.Shape.Gating);
        var store = new NeuronStore(model);
        var training = Record(data.Training, predictors.Tokens, "training");
        var validation = Record(data.Validation, predictors.Tokens / ValidationPart, "validation");
        var start = context.Time.GetTimestamp();
        var dense = options.Policy is OffloadingPolicy.Resident or OffloadingPolicy.DenseStreaming or OffloadingPolicy.DensePrefetch;
        var predictor = dense || predictors.Choice == NeuronChoice.Oracle ? null
            : new PredictorTraining(predictors.Rank, predictors.Epochs, predictors.PositiveWeight, Recall: predictors.Recall)
                .Train(training, validation, unchecked((ulong)context.Seed), Report);
        var active = ActivationProfile.Of(training);
        var asked = predictor?.ProfileOf(training) ?? active;
        var compute = options.Rates == ClockRates.Fixed ? ComputeCosts.Fixed : MeasuredCosts.Of(store, context.Time);
        var sizes = OffloadingSizes.Of(model, predictor, options.Cap, options.RowScale, compute);
        var setup = new PolicySetup(sizes.Layout, StorageModel.Of(options.Storage), compute, asked, active, sizes.Neurons,
            predictor is null ? null : OffloadingSizes.BytesOf(predictor, options.RowScale))
        {
            ClusterNeurons = options.Cluster, Window = options.Window, GateFirst = options.GateFirst,
        };
        INeuronSelector selector = dense ? new AllNeurons(store.Hidden) : predictor is null ? new OpenGates(store)
            : predictors.Choice == NeuronChoice.Shuffled
                ? new ShuffledSelector(predictor, store.Layers, store.Hidden, unchecked((ulong)context.Seed)) : predictor;
        return new(model, store, positiveUps, predictor, selector, sizes, setup, options.Policy, setup.PlanOf(options.Policy));

        IReadOnlyList<LayerSamples> Record(IReadOnlyList<TextSample> texts, int tokens, string part)
        {
            var windows = TokenWindows.Spread(model.Tokenizer, texts.Select(text => Encoding.UTF8.GetString(text.Utf8.Span)),
                model.Shape.Context, Math.Max(1, tokens / model.Shape.Context));
            if (windows.Count == 0) throw new TrainingFailedException($"The {part} part has no text to calibrate with.");
            return GateRecording.Record(model, store, positiveUps, windows, context.Cancellation);
        }

        // Layer after layer: points go on counting.
        void Report(int layer, int epoch, double loss)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Progress.Report(new(layer * predictors.Epochs + epoch, loss, null, context.Time.GetElapsedTime(start).TotalSeconds)
            { Note = $"predictor of layer {layer}" });
        }
    }
}
