using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Images;
using Harness.Datasets.Lra;
using Harness.Datasets.Signals;
using Harness.Datasets.Text;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Families.Continual;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks.Axes;

namespace Suites.SpikingTransformers;

/// <summary>Spiking transformers, their non-spiking twins, and the controls they must beat.</summary>
public static class SpikingTransformersSuite
{
    static IReadOnlyList<ISequenceFamily> Sequential { get; } =
        [new Spikformer(), new Spikingformer(), new Cml(), new SpikeDrivenTransformer(), new Semm(), new Tim(Code: InputCode.Direct)];

    static IReadOnlyList<IRecurrentFamily> Recurrent { get; } =
        [new ElmNeuron(), new EventGru(), new GatedRnn(), new DiagonalStateSpace()];

    public static Suite Create() => new("spiking-transformers", "Spiking transformers",
    [
        new Benchmark<LabeledImage, ClassPrediction>("images", "Image classification")
        {
            Datasets = [new Mnist(), FirstImages.Mnist, new FashionMnist(), new Cifar10Jpeg(), new Cifar10()],
            Families =
            [
                new MajorityClass(), new LogisticRegression(), new LifMlp(), new AnnVitTiny(), new QuantizedAnnVit(), new Spikformer(),
                new Spikingformer(), new Cml(), new SpikeDrivenTransformer(), new MetaSpikeformer(), new Qkformer(),
                new SpikingResformer(), new Sglformer(), new Semm(), new Swformer(), new Tim(), new Nalsm(), new RramLsm(),
            ],
            Metrics = [new Accuracy(), new MacroF1()],
            Withhold = image => image with { Label = -1 },
            Target = image => $"{image.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<TokenSequence, ClassPrediction>("sequences", "Sequence classification")
        {
            Datasets =
            [
                GeneratedListOps.Small, GeneratedListOps.Full, ImdbReviews.Small, ImdbReviews.Full,
                new GrayTokens(new Cifar10Jpeg(), "lra-image-jpeg", "CIFAR-10 re-encoded as JPEG, as gray tokens"),
                new GrayTokens(new Cifar10(), "lra-image", "CIFAR-10 as gray tokens, Long Range Arena"), GeneratedPathfinder.Of32,
            ],
            Families = [new MajorityClass(), new LogisticRegression(), .. Sequential, .. Recurrent],
            Metrics = [new Accuracy(), new MacroF1()],
            Withhold = sequence => sequence with { Label = -1 },
            Target = sequence => $"{sequence.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<FrameSequence, ClassPrediction>("steps", "Sequences read step by step")
        {
            Datasets = [SequentialMnist.ByRow, SequentialMnist.Permuted],
            Families = [new MajorityClass(), new LogisticRegression(), new ResonatorRnn(), .. Recurrent],
            Metrics = [new Accuracy(), new MacroF1()],
            Withhold = frames => frames with { Label = -1 },
            Target = frames => $"{frames.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<FrameSequence, ClassPrediction>("whole", "Sequences seen as a whole")
        {
            Datasets = [WholeSequence.ByRow, WholeSequence.Permuted],
            Families = [new MajorityClass(), new LogisticRegression(), .. Sequential],
            Metrics = [new Accuracy(), new MacroF1()],
            Withhold = frames => frames with { Label = -1 },
            Target = frames => $"{frames.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<FrameImages, ClassPrediction>("recordings", "Recordings of event cameras")
        {
            Datasets = [EventFrames.NMnistSmall, EventFrames.NMnistFull],
            Families =
            [
                new MajorityClass(), new Spikformer(Steps: 4), new Spikingformer(Steps: 4), new Cml(Steps: 4),
                new SpikeDrivenTransformer(Steps: 4), new MetaSpikeformer(Steps: 4), new Qkformer(Steps: 4), new SpikingResformer(Steps: 4),
                new Sglformer(Steps: 4), new Semm(Steps: 4), new Swformer(Steps: 4), new Tim(Code: InputCode.Direct),
            ],
            Metrics = [new Accuracy(), new MacroF1()],
            Withhold = frames => frames with { Label = -1 },
            Target = frames => $"{frames.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<MaskedImage, MaskPrediction>("masks", "Foreground of images")
        {
            Datasets = [new NeuronSlices()],
            Families = [new BrightnessThreshold(), new SpikingSegmenter()],
            Metrics = [new ForegroundIou()],
            Withhold = image => image with { Mask = default },
            Target = image => $"{image.Mask.Span.Count((byte)1)}",
            Answer = prediction => $"{prediction.Count}",
        },
        new Benchmark<BoxedScene, BoxesPrediction>("boxes", "Detection in moving scenes")
        {
            Datasets = [new MovingDigits()],
            Families = [new SpikingDetector()],
            Metrics = [new MeanAveragePrecision()],
            Withhold = scene => scene with { Boxes = [] },
            Target = scene => string.Join(' ', scene.Boxes.Select(box => box.Label)),
            Answer = prediction => string.Join(' ', prediction.Found.Select(found => found.Box.Label)),
        },
        new Benchmark<FrameImages, MotionPrediction>("motion", "Direction and speed of motion")
        {
            Datasets = [MovingTextures.Of16],
            Families = [new HdSnn()],
            Metrics = [new PositionAccuracy(), new StepAccuracy(), new DetectionLatency()],
            Withhold = frames => frames with { Label = -1 },
            Target = frames => $"{frames.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<BitSequence, TickedBits>("parity", "Running parity, tick by tick")
        {
            Datasets = GeneratedParity.All,
            Families = [new ThoughtMachine(), new ThoughtLstm()],
            Metrics = [new BitAccuracy(), new SequenceAccuracy(), new StoppedTicks(), new StoppedAccuracy(), new CertaintyError()],
            Withhold = sequence => sequence with { Targets = default },
            Target = sequence => string.Concat(sequence.Targets.ToArray()),
            Answer = prediction => prediction.Answers[prediction.MostCertain],
        },
        Signals("memory", "Memory of a signal", [GeneratedSignals.Memory], [new EchoState(), new EiReservoir()], new MemoryCapacity()),
        Signals("series", "Prediction of series", [GeneratedSignals.Narma, GeneratedSignals.MackeyGlass],
            [new EchoState(), new EiReservoir()], new Nrmse()),
        Signals("streams", "What two streams share", [CooperativeStreams.Synthetic], [new TwoPoint()], new Nrmse()),
        new Benchmark<SoundWithImages, ClassPrediction>("retrieval", "Images that sounds ask for")
        {
            Datasets = SpokenMnist.All,
            Families = [new RramPairs()],
            Metrics = [new Metrics.Retrieval(Seen: false), new Metrics.Retrieval(Seen: true)],
            Withhold = sample => sample with { Label = -1 },
            Target = sample => $"{sample.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
        new Benchmark<TaskImage, StagedPrediction>("continual", "Tasks one after another")
        {
            Datasets = [PermutedMnist.Five, PermutedMnist.Ten, new MnistSplits()],
            Families = [new ContinualSnn()],
            Metrics = [TaskMetric.AverageAccuracy, TaskMetric.BackwardTransfer, TaskMetric.LearningAccuracy],
            Withhold = sample => new(sample.Image with { Label = -1 }, -1),
            Target = sample => $"{sample.Image.Label}",
            Answer = prediction => $"{prediction.Labels[^1]}",
            Draw = TaskMatrix.Draw,
        },
        new Benchmark<FrameSequence, ClassPrediction>("spikes", "Classification of spike trains")
        {
            Datasets = [BinnedEvents.SpokenDigits, BinnedEvents.SpokenDigitsByOthers, .. BinnedEvents.StepByStep, SpikeMotifs.Of20],
            Families =
            [
                new MajorityClass(), new LogisticRegression(), new ResonatorRnn(), new DelaySnn(), .. Recurrent,
            ],
            Metrics = [new Accuracy(), new MacroF1()],
            Withhold = frames => frames with { Label = -1 },
            Target = frames => $"{frames.Label}",
            Answer = prediction => $"{prediction.Label}",
        },
    ]);

    static Benchmark<SignalSeries, SignalPrediction> Signals(string id, string title, IReadOnlyList<IDataset<SignalSeries>> datasets,
        IReadOnlyList<IModelFamily<SignalSeries, SignalPrediction>> families, IMetric<SignalSeries, SignalPrediction> metric) =>
        new(id, title)
    {
        Datasets = datasets,
        Families = families,
        Metrics = [metric],
        Withhold = series => series with { Targets = default },
        Target = series => $"{series.Steps} steps",
        Answer = prediction => $"{prediction.Values.Count} values",
    };
}
