using Harness.Datasets;
using Harness.Datasets.Events;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Families;

/// <summary>A spiking family of images whose steps can also be the frames of an event camera.</summary>
interface IRecordingFamily : IBackboneFamily, IModelFamily<FrameImages, ClassPrediction>
{
    Recipe Training { get; }

    Augmentation Augmentation { get; }

    IModel<FrameImages, ClassPrediction> IModelFamily<FrameImages, ClassPrediction>.Prepare(TrainingData<FrameImages> data,
        RunContext context) => SpikingSequences.Prepare(this, data, Augmentation, Training, context);
}
