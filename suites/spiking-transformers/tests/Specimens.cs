using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Tests;

/// <summary>Small data on which every family trains within a second, and every family small.</summary>
static class Specimens
{
    public const int Classes = 3;
    public const int Side = 12;

    public static TrainingData<LabeledImage> Images { get; } = new(MakeImages(48, 1), MakeImages(24, 2));
    public static IReadOnlyList<LabeledImage> TestImages { get; } = MakeImages(24, 3);
    public static TrainingData<TokenSequence> Sequences { get; } = new(MakeSequences(60, 1), MakeSequences(30, 2));
    public static IReadOnlyList<TokenSequence> TestSequences { get; } = MakeSequences(30, 3);

    public static TrainingData<FrameSequence> Frames { get; } = new(MakeFrames(60, 1), MakeFrames(30, 2));
    public static IReadOnlyList<FrameSequence> TestFrames { get; } = MakeFrames(30, 3);

    public static TrainingData<FrameSequence> LongFrames { get; } = new(MakeFrames(48, 1, 24), MakeFrames(24, 2, 24));
    public static IReadOnlyList<FrameSequence> TestLongFrames { get; } = MakeFrames(24, 3, 24);

    public static TrainingData<FrameImages> Recordings { get; } = new(MakeRecordings(48, 1), MakeRecordings(24, 2));
    public static IReadOnlyList<FrameImages> TestRecordings { get; } = MakeRecordings(24, 3);

    static readonly Recipe Few = new(Epochs: 3, BatchSize: 3, LearningRate: 0.01, WeightDecay: 0.1, Warmup: 0.3, LabelSmoothing: 0.1);

    public static LogisticRegression LogisticRegression { get; } = new(new(Epochs: 3, BatchSize: 16, LearningRate: 0.01, WeightDecay: 0.1));

    // Batches are small so that there are enough of them: batch norms forget their start only after dozens.
    public static LifMlp LifMlp { get; } = new(Hidden: 24, Depth: 2, Steps: 3, Training: Few);

    // So few features and tokens sum up to little: its attention needs a lower threshold to fire at every seed.
    public static Spikformer Spikformer { get; } = new(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Steps: 3, AttentionThreshold: 0.125,
        Training: Few);

    public static AnnVitTiny AnnVitTiny { get; } = new(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Training: Few);

    // Six steps are short: low thresholds, and periods of a few steps.
    public static ResonatorRnn ResonatorRnn { get; } = new(Neurons: 32, ShortestPeriod: 7, LongestPeriod: 20, ShortestMemory: 5,
        LongestMemory: 50, Threshold: 0.05, Slope: 5, Training: new(Epochs: 3, BatchSize: 6, LearningRate: 0.01, WeightDecay: 0.1,
            Warmup: 0.3));

    public static QuantizedAnnVit QuantizedAnnVit { get; } = new(Width: 16, Depth: 1, Heads: 2, MlpRatio: 2, Bits: 4,
        Training: Few);

    public static IReadOnlyList<IModelFamily<LabeledImage, ClassPrediction>> ImageFamilies { get; } =
        [new MajorityClass(), LogisticRegression, LifMlp, Spikformer, AnnVitTiny, QuantizedAnnVit];

    /// <summary>One thread, and the cancellation of the test.</summary>
    public static RunContext Context(IProgress<TrainingPoint>? progress = null) => new(1, 1, new DirectoryInfo(Path.GetTempPath()),
        TimeProvider.System, progress ?? new RecordingProgress<TrainingPoint>(), TestContext.Current.CancellationToken);

    // A bright bar whose direction is the class, at a random place, in noise.
    static LabeledImage[] MakeImages(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var label = index % Classes;
            var pixels = Enumerable.Range(0, Side * Side).Select(_ => (byte)chance.Below(110)).ToArray();
            var place = 3 + chance.Below(Side - 6);
            for (var at = 2; at < Side - 2; at++)
                pixels[label switch { 0 => place * Side + at, 1 => at * Side + place, _ => at * Side + (at + place) % Side }] = 230;
            return new LabeledImage(pixels, 1, Side, Side, label);
        })];
    }

    // The class is the channel that is busy in the second half; the rest is noise.
    static FrameSequence[] MakeFrames(int count, int seed, int steps = 6)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var label = index % Classes;
            var counts = Enumerable.Range(0, steps * Classes).Select(_ => (byte)chance.Below(3)).ToArray();
            for (var step = steps / 2; step < steps; step++) counts[step * Classes + label] += 9;
            return new FrameSequence(counts, steps, Classes, label);
        })];
    }

    // The images above, three times, as events of one of two polarities.
    static FrameImages[] MakeRecordings(int count, int seed) => [.. MakeImages(count, seed).Select(image =>
    {
        byte[] events = [.. image.Pixels.Span.ToArray().Select(value => (byte)(value / 60))];
        byte[] none = new byte[events.Length];
        return new FrameImages((byte[])[.. events, .. none, .. none, .. events, .. events, .. events], 3, 2, Side, Side, image.Label);
    })];

    // The class is the token that occurs most among 0..2; the others are noise.
    static TokenSequence[] MakeSequences(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var label = index % Classes;
            int[] tokens = [.. Enumerable.Range(0, 16 + chance.Below(6)).Select(_ => chance.Below(8)), .. Enumerable.Repeat(label, 8)];
            return new TokenSequence(tokens, label);
        })];
    }
}
