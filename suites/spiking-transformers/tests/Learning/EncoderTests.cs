using Harness.Datasets;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Learning;

public sealed class EncoderTests
{
    public EncoderTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void Pixels_become_intensities_from_zero_to_one()
    {
        using var input = new Pixels(1, 2, 3, new()).Encode([Image(0, 51, 102, 153, 204, 255)]);
        Assert.Equal([1L, 1, 2, 3], input.shape);
        Assert.Equal([0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f], Values(input));
    }

    [Fact]
    public void An_image_of_another_size_is_named_beside_the_expected_one()
    {
        var error = Assert.Throws<HarnessException>(() => new Pixels(1, 3, 2, new()).Encode([Image(1, 2, 3, 4, 5, 6)]));
        Assert.Contains("[1, 2, 3], but the model was made for [1, 3, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_varied_image_is_the_image_moved_with_black_coming_in()
    {
        var seen = Varied(new Pixels(1, 2, 3, new(Shift: 1, Flip: false)), 400);
        string[] expected =
        [
            .. from down in new[] { -1, 0, 1 }
               from right in new[] { -1, 0, 1 }
               select string.Join(' ', from row in Enumerable.Range(0, 2)
                                       from column in Enumerable.Range(0, 3)
                                       select At(row - down, column - right)),
        ];
        Assert.Equal(expected.Order(), seen.Distinct().Order());

        static int At(int row, int column) => row is >= 0 and < 2 && column is >= 0 and < 3 ? row * 3 + column + 1 : 0;
    }

    [Fact]
    public void A_flipped_image_is_mirrored_in_half_of_the_cases()
    {
        var seen = Varied(new Pixels(1, 2, 3, new(Shift: 0, Flip: true)), 400);
        Assert.Equal(["1 2 3 4 5 6", "3 2 1 6 5 4"], seen.Distinct().Order());
        Assert.InRange(seen.Count(text => text[0] == '3'), 150, 250);
    }

    [Fact]
    public void A_shift_beyond_the_image_leaves_black()
    {
        var seen = Varied(new Pixels(1, 2, 3, new(Shift: 64, Flip: true)), 50);
        Assert.Contains("0 0 0 0 0 0", seen);
    }

    [Fact]
    public void An_erased_rectangle_is_black_and_lies_in_the_image()
    {
        var white = new LabeledImage(Enumerable.Repeat(byte.MaxValue, 2 * 20 * 30).ToArray(), 2, 20, 30, 0);
        using var input = new Pixels(2, 20, 30, new(Erasing: 0.5)).EncodeVaried([.. Enumerable.Repeat(white, 400)], new SampleOrder(1));
        var images = Values(input).Chunk(2 * 20 * 30).ToList();
        Assert.InRange(images.Count(image => image.Contains(0)), 150, 250);
        foreach (var image in images.Where(image => image.Contains(0)))
        {
            int[] black = [.. Enumerable.Range(0, 20 * 30).Where(place => image[place] == 0)];
            var (rows, columns) = (black.Select(place => place / 30).ToHashSet(), black.Select(place => place % 30).ToHashSet());
            Assert.Equal(black.Length, rows.Count * columns.Count);
            Assert.Equal((rows.Count - 1, columns.Count - 1), (rows.Max() - rows.Min(), columns.Max() - columns.Min()));
            Assert.InRange(black.Length / 600.0, 0.01, 0.35);
            Assert.Equal(image[..600], image[600..]);
        }
    }

    [Fact]
    public void Brightness_multiplies_a_whole_image()
    {
        var grey = new LabeledImage(Enumerable.Repeat((byte)200, 6).ToArray(), 1, 2, 3, 0);
        using var input = new Pixels(1, 2, 3, new(Brightness: 0.4)).EncodeVaried([.. Enumerable.Repeat(grey, 300)], new SampleOrder(1));
        var factors = Values(input).Chunk(6).Select(image => Assert.Single(image.Distinct()) * 255 / 200).ToList();
        Assert.InRange(factors.Min(), 0.6, 0.65);
        Assert.Equal(255f / 200, factors.Max(), 1e-3f);
    }

    [Fact]
    public void Counts_of_frames_become_square_roots_in_their_place()
    {
        var encoder = new FrameCounts(2, 3);
        using var input = encoder.Encode([new FrameSequence(new byte[] { 0, 1, 4, 9, 16, 225 }, 2, 3, 0)]);
        Assert.Equal([1L, 2, 3], input.shape);
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 15f], Values(input));
        var error = Assert.Throws<HarnessException>(() => encoder.Encode([new FrameSequence(new byte[6], 3, 2, 0)]));
        Assert.Contains("[3, 2], but the model was made for [2, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_become_logarithms_of_their_counts_and_unknown_ones_nothing()
    {
        var training = new TrainingData<TokenSequence>([new(new[] { 0, 3 }, 0)], []);
        var encoder = TokenCounts.Of(training);
        Assert.Equal(4, encoder.Vocabulary);
        using var input = encoder.Encode([new(new[] { 1, 1, 3, 7, -2 }, -1), new(Array.Empty<int>(), -1)]);
        Assert.Equal([0f, MathF.Log(3), 0f, MathF.Log(2), 0f, 0f, 0f, 0f], Values(input));
    }

    [Fact]
    public void Sequences_without_tokens_cannot_be_learned_from() => Assert.Contains("no tokens", Assert.Throws<TrainingFailedException>(
        () => TokenCounts.Of(new([new(Array.Empty<int>(), 0)], []))).Message, StringComparison.Ordinal);

    static string[] Varied(Pixels pixels, int count)
    {
        using var input = pixels.EncodeVaried([.. Enumerable.Repeat(Image(1, 2, 3, 4, 5, 6), count)], new SampleOrder(1));
        return [.. Values(input).Chunk(6).Select(image => string.Join(' ', image.Select(value => (int)MathF.Round(value * 255))))];
    }

    static LabeledImage Image(params byte[] pixels) => new(pixels, 1, 2, 3, 0);

    static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();
}
