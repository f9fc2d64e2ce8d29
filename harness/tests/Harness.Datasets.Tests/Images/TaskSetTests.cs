using Harness.Datasets.Events;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Images;

namespace Harness.Datasets.Tests.Images;

/// <summary>Sets made of others for segmentation, detection, recordings and whole sequences.</summary>
public sealed class TaskSetTests
{
    [Fact]
    public void Slices_of_neurons_have_a_mask_where_the_volume_has_neurons()
    {
        var volume = FisbeSynth.Small.Read(new("."), Split.Validation).First();
        MaskedImage[] slices = [.. new NeuronSlices().Read(new("."), Split.Validation).Take(6)];
        var (height, width) = (slices[0].Height, slices[0].Width);
        Assert.Equal((3, 48, 48), (slices[0].Channels, height, width));
        for (var index = 0; index < slices.Length; index++)
        {
            var instances = new ushort[volume.Instances!.Shape[0] * height * width];
            volume.Instances.Read([0, 4 * index + 2, 0, 0], [volume.Instances.Shape[0], 1, height, width], instances);
            var expected = Enumerable.Range(0, height * width)
                .Select(pixel => (byte)(instances.Where((id, at) => at % (height * width) == pixel).Any(id => id != 0) ? 1 : 0));
            Assert.Equal(expected, slices[index].Mask.ToArray());
        }
        Assert.Contains(slices, slice => slice.Mask.Span.Contains((byte)1));
    }

    [Fact]
    public async Task Moving_digits_stay_in_the_field_and_boxes_hold_the_ink_of_the_last_frame()
    {
        var set = new MovingDigits();
        var cache = await RealFiles.FetchAsync(set);
        BoxedScene[] scenes = [.. set.Read(cache, Split.Validation).Take(40)];
        Assert.Equal([1, 2], scenes.Select(scene => scene.Boxes.Count).Distinct().Order());
        foreach (var scene in scenes)
        {
            Assert.All(scene.Boxes, box => Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= 48, Bottom: <= 48, Area: > 0 }));
            var last = scene.Frames.Span[^(48 * 48)..];
            for (var at = 0; at < last.Length; at++)
                if (last[at] > 64)
                    Assert.Contains(scene.Boxes, box => Holds(box, at % 48, at / 48));
        }
        Assert.Equal(scenes.Select(scene => scene.Frames.ToArray()), set.Read(cache, Split.Validation).Take(40)
            .Select(scene => scene.Frames.ToArray()));
    }

    static bool Holds(LabeledBox box, int x, int y) => x >= box.Left && x < box.Right && y >= box.Top && y < box.Bottom;

    [Fact]
    public void A_whole_sequence_is_another_protocol_of_the_same_values()
    {
        Assert.Equal("smnist@1", WholeSequence.ByRow.Card.VariantOf);
        Assert.NotEqual(SequentialMnist.ByRow.Card.Protocol, WholeSequence.ByRow.Card.Protocol);
        Assert.Contains("not step by step", WholeSequence.Permuted.Card.Parameters!["access"], StringComparison.Ordinal);
    }

    /// <summary>Pixel (1, 2) falling in the first frame, twice (0, 1) rising in the second, one event too late for both.</summary>
    [Fact]
    public void Frames_count_events_by_polarity_and_place()
    {
        var geometry = new EventGeometry(3, 4, 2);
        EventSample sample = new((Event[])[new(10, 6, false), new(1500, 1, true), new(1900, 1, true), new(2000, 0, true)], geometry, 7);
        var frames = Assert.Single(new EventFrames(new One(sample), "2f", new(Count: 2, Microseconds: 1000)).Read(new("."), Split.Test));
        Assert.Equal((2, 2, 3, 4, 7), (frames.Steps, frames.Channels, frames.Height, frames.Width, frames.Label));
        var expected = new byte[2 * 2 * 12];
        (expected[6], expected[24 + 12 + 1]) = (1, 2);
        Assert.Equal(expected, frames.Values.ToArray());
    }

    sealed class One(EventSample sample) : IDataset<EventSample>
    {
        public DatasetCard Card { get; } = NMnist.Small.Card;

        public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

        public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) => [sample];
    }
}
