using Harness.Datasets;
using Harness.Datasets.Images;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Families;

/// <summary>The same backbone under other heads: masks and boxes.</summary>
public sealed class HeadTests
{
    static readonly Recipe Once = new(Epochs: 1, BatchSize: 4, LearningRate: 0.01, WeightDecay: 0.01);
    static readonly Recipe Few = new(Epochs: 6, BatchSize: 4, LearningRate: 0.01, WeightDecay: 0.01, Warmup: 0.1);

    // Thresholds are low: so few tokens sum up to little.
    static readonly SpikingSegmenter Segmenter = new(Width: 32, Heads: 2, Steps: 3, Threshold: 0.25, Training: Few);
    static readonly SpikingDetector Detector = new(Width: 32, Heads: 2, Threshold: 0.25, Training: Few);

    [Fact]
    public void The_segmenter_keeps_the_contract()
    {
        var contract = FamilyContract.Of(Of<MaskedImage, MaskPrediction>("masks"), Segmenter with { Training = Once }, Masks(12, 1),
            Masks(4, 3).Training);
        contract.CheckCard();
        contract.CheckPredictions();
        contract.CheckSeed();
        contract.CheckCounts();
        contract.Sharing("training").Varying("attention", AttentionKind.Sdsa).CheckKnobs();
    }

    [Fact]
    public void The_detector_keeps_the_contract()
    {
        var contract = FamilyContract.Of(Of<BoxedScene, BoxesPrediction>("boxes"), Detector with { Training = Once }, Scenes(12, 1),
            Scenes(4, 3).Training);
        contract.CheckCard();
        contract.CheckPredictions();
        contract.CheckSeed();
        contract.CheckCounts();
    }

    [Fact]
    public void The_threshold_keeps_the_contract() => FamilyContract.Of(Of<MaskedImage, MaskPrediction>("masks"), new BrightnessThreshold(),
        Masks(24, 1), Masks(6, 3).Training).Check();

    /// <summary>Bars as bright as noise: brightness does not tell them, their form does.</summary>
    [Fact]
    public void The_segmenter_finds_what_brightness_does_not_tell()
    {
        var (data, test) = (Masks(96, 1), Masks(24, 3).Training);
        Assert.InRange(Iou(Segmenter, data, test), Iou(new BrightnessThreshold(), data, test) + 0.1, 1);
    }

    [Fact]
    public void The_detector_finds_squares_and_tells_bright_from_dark()
    {
        var (data, test) = (Scenes(160, 1), Scenes(24, 3).Training);
        using var model = (Detector with { Training = Few with { Epochs = 10 } }).Prepare(data, Specimens.Context());
        var tally = new MeanAveragePrecision().Begin();
        foreach (var (scene, found) in test.Zip(model.Predict(test))) tally.Add(scene, found);
        Assert.InRange(tally.Total(), 0.1, 1);
    }

    [Fact]
    public void A_box_that_is_encoded_is_read_again()
    {
        TorchSession.Begin(1, 1);
        using var scope = NewDisposeScope();
        var (code, grid) = (new BoxCode(4, 24, 3), new Grid(6, 6));
        var box = new LabeledBox(2, 5, 9, 14, 20);
        var (row, column, numbers) = code.Encode(box, grid);
        Assert.Equal((3, 2), (row, column));
        var output = full([1, 6, 6, code.Outputs], -20f);
        output[0, row, column, 0] = 20;
        for (var at = 0; at < 4; at++) output[0, row, column, 1 + at] = MathF.Log(numbers[at] / (1 - numbers[at]));
        output[0, row, column, 5 + 2] = 20;
        var found = Assert.Single(Assert.Single(code.Read(output)).Found);
        Assert.Equal(2, found.Box.Label);
        Assert.InRange(found.Box.Overlap(box), 0.999, 1);
        Assert.InRange(found.Score, 0.99, 1);
    }

    [Fact]
    public void Each_pixel_of_a_patch_has_its_own_logit()
    {
        TorchSession.Begin(1, 1);
        using var scope = NewDisposeScope();
        var pixels = PixelLogits.Of(arange(16, float32).view(1, 2, 2, 4), 2);
        Assert.Equal([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15],
            pixels.contiguous().data<float>().ToArray().Select(logit => (int)logit));
    }

    static double Iou(IModelFamily<MaskedImage, MaskPrediction> family, TrainingData<MaskedImage> data, IReadOnlyList<MaskedImage> test)
    {
        using var model = family.Prepare(data, Specimens.Context());
        var tally = new ForegroundIou().Begin();
        foreach (var (image, mask) in test.Zip(model.Predict(test))) tally.Add(image, mask);
        return tally.Total();
    }

    static Benchmark<TSample, TPrediction> Of<TSample, TPrediction>(string id) => (Benchmark<TSample, TPrediction>)SpikingTransformersSuite
        .Create().Benchmarks.Single(benchmark => benchmark.Id == id);

    // A bar of 3 x 8 pixels among single pixels of the same brightness.
    static TrainingData<MaskedImage> Masks(int count, int seed)
    {
        const int Side = 16;
        var chance = new SampleOrder(seed);
        MaskedImage[] Make(int images) => [.. Enumerable.Range(0, images).Select(_ =>
        {
            var pixels = Enumerable.Range(0, Side * Side).Select(_ => (byte)(chance.Below(4) == 0 ? 200 : 20)).ToArray();
            var mask = new byte[Side * Side];
            var (top, left, tall) = (chance.Below(Side - 8), chance.Below(Side - 8), chance.Below(2) == 1);
            for (var row = 0; row < (tall ? 8 : 3); row++)
                for (var column = 0; column < (tall ? 3 : 8); column++)
                    (pixels[(top + row) * Side + left + column], mask[(top + row) * Side + left + column]) = (200, 1);
            return new MaskedImage(pixels, 1, Side, Side, mask);
        })];
        return new(Make(count), Make(4));
    }

    // A square of 8 pixels that moves one pixel a step; bright ones are of another class than dark ones.
    static TrainingData<BoxedScene> Scenes(int count, int seed)
    {
        const int Side = 24, Steps = 3, Square = 8;
        var chance = new SampleOrder(seed);
        BoxedScene[] Make(int scenes) => [.. Enumerable.Range(0, scenes).Select(_ =>
        {
            var frames = new byte[Steps * Side * Side];
            var (top, left, label) = (chance.Below(Side - Square), chance.Below(Side - Square - Steps), chance.Below(2));
            for (var step = 0; step < Steps; step++)
                for (var at = 0; at < Square * Square; at++)
                    frames[(step * Side + top + at / Square) * Side + left + step + at % Square] = label == 1 ? (byte)250 : (byte)100;
            var (x, y) = (left + Steps - 1, top);
            return new BoxedScene(frames, Steps, Side, Side, [new(label, x, y, x + Square, y + Square)]);
        })];
        return new(Make(count), Make(4));
    }
}
