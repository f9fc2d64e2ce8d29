using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Recurrent;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>A family of recurrent layers: frames and tokens are read step by step, and a linear readout names the class.</summary>
interface IRecurrentFamily : IModelFamily<FrameSequence, ClassPrediction>, IModelFamily<TokenSequence, ClassPrediction>
{
    Recipe Training { get; }

    AnswerRule Answer { get; }

    double InputDropout { get; }

    /// <exception cref="UnsupportedException">The knobs do not fit each other, or so many inputs.</exception>
    IReadOnlyList<RecurrentLayer> Layers(int inputs, OperationLedger ledger);

    IModel<FrameSequence, ClassPrediction> IModelFamily<FrameSequence, ClassPrediction>.Prepare(TrainingData<FrameSequence> data,
        RunContext context)
    {
        var classes = Classes.Of(data);
        var levels = FrameLevels.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        return Classifier.Train(Network(levels.Channels, classes, ledger), levels, data, Training, context, ledger);
    }

    IModel<TokenSequence, ClassPrediction> IModelFamily<TokenSequence, ClassPrediction>.Prepare(TrainingData<TokenSequence> data,
        RunContext context)
    {
        var classes = Classes.Of(data);
        var tokens = TokenIds.Of(data, SpikingSequences.LongestSequence) with { AtEnd = true };
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = new TokenReader(tokens.Vocabulary, SpikingSequences.TokenFeatures,
            Network(SpikingSequences.TokenFeatures, classes, ledger));
        return Classifier.Train(network, tokens, data, Training, context, ledger);
    }

    private RecurrentClassifier Network(int inputs, int classes, OperationLedger ledger) =>
        new(Layers(inputs, ledger), classes, Answer, InputDropout, ledger);
}
