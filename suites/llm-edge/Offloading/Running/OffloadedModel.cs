using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Offloading.Running;

using Decoder = Suites.LlmEdge.Decoding.Decoder;

/// <summary>
/// A language model whose feed-forward layers are computed neuron by neuron while tokens come one at a time, and densely in prefill. It
/// makes text as any other model here; then it scores the text token by token, and of these tokens the virtual clock says what they would
/// have taken with most weights on flash. Each text begins with empty caches.
/// </summary>
sealed class OffloadedModel : IModel<TextSample, TextPrediction>, IStagedModel
{
    readonly OffloadingPreparation _prepared;
    readonly DecodedModel _model;
    readonly Decoder _dense;
    readonly SparseFeedForward _making, _scoring;
    readonly DirectNeurons? _direct;
    readonly List<Timed> _stages = [];

    /// <param name="prepared">Becomes its own, with the model.</param>
    /// <exception cref="HarnessException">There are no direct reads here.</exception>
    public OffloadedModel(OffloadingPreparation prepared, bool direct, int prompt, int generate, RunContext context)
    {
        _prepared = prepared;
        _direct = direct ? DirectNeurons.Create(prepared.Store, prepared.Always, prepared.Setup.ColdBytes(prepared.Plan), context) : null;
        _making = Layers(_direct is null ? prepared.Store : _direct);
        _scoring = Layers(prepared.Store);
        _dense = new(prepared.Model, new(context.Threads));
        _model = new(prepared.Model, Sampling.Greedy, prompt, generate, context, FootprintWith(prepared.Predictor), null, _making,
            _scoring);
    }

    public Footprint Footprint => _model.Footprint;

    public IReadOnlyList<Timed> TakeStages()
    {
        Timed[] taken = [.. _stages];
        _stages.Clear();
        return taken;
    }

    public IReadOnlyList<TextPrediction> Predict(IReadOnlyList<TextSample> batch)
    {
        _stages.Clear();
        return [.. batch.Select(Of)];
    }

    /// <summary>Gates that were computed, and of open ones ups and downs; in prefill all of them.</summary>
    public OperationCounts Count(IReadOnlyList<TextSample> batch)
    {
        var work = new NeuronWork(_prepared);
        (_making.Watch, _scoring.Watch, _making.Dense) = (work.One, work.One, work.Several);
        var dense = _model.Count(batch);
        (_making.Watch, _scoring.Watch, _making.Dense) = (null, null, null);
        return work.Of(dense);
    }

    TextPrediction Of(TextSample text)
    {
        var clock = new OffloadingClock(_prepared.NewPolicy(), _prepared.NewStreaming(), new OpenGates(_prepared.Store), _prepared.Sizes);
        (_scoring.Watch, _making.Dense) = (clock.One, clock.Several);
        _direct?.Forget();
        var prediction = _model.Predict([text])[0];
        (_scoring.Watch, _making.Dense) = (null, null);
        var stages = _model.TakeStages();
        _stages.AddRange(stages);
        if (_direct is not null) _stages.Add(new("direct-read", (int)_direct.Reads, (long)_direct.Waited.TotalNanoseconds));
        return prediction with
        {
            Offloading = clock.Report() with
            {
                DenseNats = DenseNats(text), DirectReads = _direct?.Reads ?? 0,
                DirectTokens = _direct is null ? 0 : stages.Where(stage => stage.Stage == "decode").Sum(stage => stage.Operations),
            },
        };
    }

    double DenseNats(TextSample text) => TokenWindows.Of(_prepared.Model.Tokenizer,
        _prepared.Model.Tokenizer.EncodeWhole(Encoding.UTF8.GetString(text.Utf8.Span)), _dense.Context)
        .Sum(window => _dense.Score(window).Nats);

    SparseFeedForward Layers(INeuronSource source) => new(_prepared.Store, source, _prepared.Selector, _prepared.PositiveUps,
        _prepared.Always);

    Footprint? FootprintWith(ActivationPredictor? predictor)
    {
        if (predictor is null) return null;
        var (parameters, bytes) = (_prepared.Model.Parameters + predictor.Bytes / sizeof(float), _prepared.Model.Bytes + predictor.Bytes);
        return new(parameters, bytes, 8.0 * bytes / parameters);
    }

    public void Dispose()
    {
        _direct?.Dispose();
        _dense.Dispose();
        _model.Dispose();
        _prepared.Store.Dispose();
    }
}
