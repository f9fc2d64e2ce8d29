using Harness.Datasets.Clustering;
using Harness.Datasets.Events;
using Harness.Datasets.Fields;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Formats;
using Harness.Datasets.Images;
using Harness.Datasets.LanguageModels;
using Harness.Datasets.Lra;
using Harness.Datasets.Places;
using Harness.Datasets.Recordings;
using Harness.Datasets.Signals;
using Harness.Datasets.Text;

namespace Harness.Datasets;

/// <summary>Every dataset there is, by the kind of its samples. Suites pick from these lists.</summary>
public static class StandardDatasets
{
    static readonly EventBins SpeechBins = new(Count: 100, Microseconds: 10_000);

    public static IReadOnlyList<IDataset<LabeledImage>> Images { get; } = [new Mnist(), FirstImages.Mnist, new FashionMnist(),
        new Cifar10(), new Cifar10Jpeg()];

    public static IReadOnlyList<IDataset<TaskImage>> TaskImages { get; } = [new MnistSplits(), PermutedMnist.Five, PermutedMnist.Ten];

    public static IReadOnlyList<IDataset<FrameSequence>> Sequences { get; } =
    [
        SequentialMnist.ByRow, SequentialMnist.Permuted, WholeSequence.ByRow, WholeSequence.Permuted,
        new BinnedEvents(new Shd(), "10ms", SpeechBins), new BinnedEvents(new Ssc(), "10ms", SpeechBins),
        new BinnedEvents(ShdLike.Spoken, "10ms", SpeechBins), new BinnedEvents(ShdLike.SpokenByOthers, "10ms", SpeechBins),
        new BinnedEvents(new ShdLikeGammatone(), "10ms", SpeechBins), BinnedEvents.SpokenDigits, BinnedEvents.SpokenDigitsByOthers,
        .. BinnedEvents.StepByStep, SpikeMotifs.Of20, new BinnedEvents(NMnist.Small, "10ms", new(Count: 30, Microseconds: 10_000)),
    ];

    public static IReadOnlyList<IDataset<SignalSeries>> Signals { get; } = [.. GeneratedSignals.All, CooperativeStreams.Synthetic];

    public static IReadOnlyList<IDataset<BitSequence>> Bits { get; } = GeneratedParity.All;

    public static IReadOnlyList<IDataset<SoundWithImages>> SoundsWithImages { get; } = SpokenMnist.All;

    public static IReadOnlyList<IDataset<FrameImages>> Frames { get; } =
        [EventFrames.NMnistSmall, EventFrames.NMnistFull, MovingTextures.Of16];

    public static IReadOnlyList<IDataset<EventSample>> Events { get; } =
    [
        new Shd(), new Ssc(), ShdLike.Spoken, ShdLike.SpokenByOthers, ShdLike.Synthesized, new ShdLikeGammatone(),
        new AddedDigits(new Shd(), "shd-adding", train: 8000, validation: 1000, test: 2000),
        new AddedDigits(ShdLike.Spoken, "shd-like-adding", train: 2000, validation: 300, test: 600),
        NMnist.Full, NMnist.Small, new DvsRecordings(),
    ];

    public static IReadOnlyList<IDataset<TokenSequence>> Tokens { get; } =
    [
        new OfficialListOps(), GeneratedListOps.Full, GeneratedListOps.Small,
        ImdbReviews.Full, ImdbReviews.Small,
        new GrayTokens(new Cifar10(), "lra-image", "CIFAR-10 as gray tokens, Long Range Arena"),
        new GrayTokens(new Cifar10Jpeg(), "lra-image-jpeg", "CIFAR-10 re-encoded as JPEG, as gray tokens"),
        OfficialPathfinder.Of32, OfficialPathfinder.Of128, GeneratedPathfinder.Of32, GeneratedPathfinder.Of128,
    ];

    public static IReadOnlyList<IDataset<TokenPair>> TokenPairs { get; } = [new Retrieval()];

    public static IReadOnlyList<IDataset<TextSample>> Texts { get; } =
        [new TinyShakespeare(), WikiText2.Full, WikiText2.Evaluation, new WikiText2Small(), new TinyStoriesSample()];

    public static IReadOnlyList<IDataset<LabeledPoint>> Points { get; } =
    [
        PointClouds.Blobs, PointClouds.UnequalBlobs, PointClouds.Moons, PointClouds.Rings, .. ToySets.All, .. GagolewsSets.All,
            .. DericSets.All, .. ReceptiveFields.All, .. ImagePoints.All,
    ];

    public static IReadOnlyList<IDataset<FewShotTask>> FewShot { get; } = FewShotTasks.All;

    public static IReadOnlyList<IDataset<CountRecording>> CountRecordings { get; } = SimulatedBiclusters.All;

    public static IReadOnlyList<IDataset<WeightedGraph>> Graphs { get; } = SimulatedLfrGraphs.All;

    public static IReadOnlyList<IDataset<Scatterplot>> Scatterplots { get; } = [new Scatterplots()];

    public static IReadOnlyList<IDataset<NeuronVolume>> Volumes { get; } =
        [FisbeImages.All, FisbeImages.Completely, FisbeImages.Crop, FisbeSynth.Walks, FisbeSynth.Small, FisbeSynth.Skeletons];

    public static IReadOnlyList<IDataset<MaskedImage>> Masks { get; } = [new NeuronSlices()];

    public static IReadOnlyList<IDataset<BoxedScene>> Boxes { get; } = [new MovingDigits()];

    public static IReadOnlyList<IDataset<InstancePrediction>> Predictions { get; } = [new FisbePrediction()];

    public static IReadOnlyList<IDataset<PlaceImage>> Places { get; } =
        [Nordland.Small, Nordland.SmallWithinOne, Nordland.Sparse, Nordland.WithinOne, Nordland.WithinTwo, Nordland.WithinTen,
            Corridor.Of200, .. Traverse.All];

    public static IReadOnlyList<IDataset<Connectome>> Connectomes { get; } = Recordings.Connectomes.All;

    public static IReadOnlyList<IDataset<CalciumRecording>> Calcium { get; } = [CalciumRecordings.Worm, CalciumRecordings.Zebrafish];

    public static IReadOnlyList<IDataset<SpikeRecording>> Spikes { get; } = [new SpikeRecordings()];

    public static IReadOnlyList<IDataset<Morphology>> Skeletons { get; } = [new Morphologies()];

    public static IReadOnlyList<IDataset<FieldPair>> Fields { get; } = OperatorFields.All;

    public static IReadOnlyList<IDataset<PretrainedModel>> Models { get; } = [new Stories260K()];

    public static IReadOnlyList<IDataset<Gguf>> ModelFiles { get; } = [new LlamaVocabulary()];

    /// <summary>All of them; ids are unique.</summary>
    public static IReadOnlyList<IDataset<object>> All { get; } =
    [
        .. Images, .. TaskImages, .. Sequences, .. Signals, .. Bits, .. SoundsWithImages,
        .. Frames, .. Events, .. Tokens, .. TokenPairs, .. Texts, .. Points, .. FewShot,
        .. CountRecordings, .. Graphs, .. Scatterplots,
        .. Masks, .. Boxes, .. Volumes, .. Predictions, .. Places,
        .. Connectomes, .. Calcium, .. Spikes, .. Skeletons, .. Fields, .. Models, .. ModelFiles,
    ];
}
