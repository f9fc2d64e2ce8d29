using Harness.Datasets;
using Harness.Datasets.Images;
using Suites.SpikingTransformers.Metrics;

namespace Suites.SpikingTransformers.Tests.Metrics;

public sealed class HeadMetricTests
{
    [Fact]
    public void Foreground_of_all_images_is_added_up_before_dividing()
    {
        var tally = new ForegroundIou().Begin();
        tally.Add(Image(1, 1, 0, 0), Mask(true, false, true, false));
        tally.Add(Image(0, 0, 0, 1), Mask(false, false, false, true));
        Assert.Equal(2.0 / 4, tally.Total(), 1e-12);
        Assert.Equal(1, new ForegroundIou().Begin().Total());
    }

    [Theory]
    [InlineData(0, 0, 10, 10, 1)]
    [InlineData(5, 0, 15, 10, 50.0 / 150)]
    [InlineData(10, 0, 20, 10, 0)]
    [InlineData(2, 2, 8, 8, 0.36)]
    public void Boxes_overlap_by_what_both_cover_over_what_either_covers(float left, float top, float right, float bottom, double share) =>
        Assert.Equal(share, new LabeledBox(0, 0, 0, 10, 10).Overlap(new(1, left, top, right, bottom)), 1e-6);

    /// <summary>Two boxes; answers right, wrong, right by falling score: precisions 1, 1/2, 2/3 at recalls 1/2, 1/2, 1.</summary>
    [Fact]
    public void Average_precision_is_the_area_under_the_falling_curve()
    {
        var tally = new MeanAveragePrecision().Begin();
        tally.Add(Scene(Box(0, 0), Box(0, 50)), Found((Box(0, 0), 0.9f), (Box(0, 100), 0.8f), (Box(0, 50), 0.7f)));
        Assert.Equal(0.5 * 1 + 0.5 * 2 / 3, tally.Total(), 1e-12);
    }

    [Fact]
    public void A_box_can_be_found_once_and_only_by_its_class()
    {
        var tally = new MeanAveragePrecision().Begin();
        tally.Add(Scene(Box(0, 0), Box(1, 50)), Found((Box(0, 0), 0.9f), (Box(0, 1), 0.8f), (Box(0, 50), 0.7f)));
        // Class 0 is found at once, class 1 never.
        Assert.Equal(0.5, tally.Total(), 1e-12);
    }

    [Fact]
    public void Nothing_found_is_zero()
    {
        var tally = new MeanAveragePrecision().Begin();
        tally.Add(Scene(Box(0, 0)), Found());
        Assert.Equal(0, tally.Total());
    }

    static LabeledBox Box(int label, float left) => new(label, left, 0, left + 10, 10);

    static BoxedScene Scene(params LabeledBox[] boxes) => new(Array.Empty<byte>(), 1, 0, 0, boxes);

    static BoxesPrediction Found(params (LabeledBox Box, float Score)[] found) =>
        new([.. found.Select(one => new FoundBox(one.Box, one.Score))]);

    static MaskedImage Image(params byte[] mask) => new(new byte[mask.Length], 1, 1, mask.Length, mask);

    static MaskPrediction Mask(params bool[] mask) => MaskPrediction.Of(mask);
}
