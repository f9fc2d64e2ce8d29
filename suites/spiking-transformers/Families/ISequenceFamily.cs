using Harness.Datasets;
using Harness.Datasets.Events;

namespace Suites.SpikingTransformers.Families;

/// <summary>A spiking family whose tokens need no place on a map, so that sequences can be embedded for it.</summary>
interface ISequenceFamily : IRecordingFamily, IModelFamily<TokenSequence, ClassPrediction>, IModelFamily<FrameSequence, ClassPrediction>
{
    IModel<TokenSequence, ClassPrediction> IModelFamily<TokenSequence, ClassPrediction>.Prepare(TrainingData<TokenSequence> data,
        RunContext context) => SpikingSequences.Prepare(this, data, Training, context);

    IModel<FrameSequence, ClassPrediction> IModelFamily<FrameSequence, ClassPrediction>.Prepare(TrainingData<FrameSequence> data,
        RunContext context) => SpikingSequences.Prepare(this, data, Training, context);
}
