using Harness.Datasets.Formats;
using Harness.Datasets.Places;

namespace Harness.Datasets.Tests.Places;

public sealed class PlaceTests
{
    // numpy.random.RandomState(3).randint(0, 256, (6, 8)).
    static readonly float[] Image =
    [
        106, 152, 249, 131, 184, 200, 0, 21, 253, 147, 202, 107, 249, 169, 138, 149, 119, 166, 224, 148, 172, 93, 167, 142,
        248, 26, 81, 218, 150, 66, 2, 191, 60, 129, 179, 90, 69, 104, 110, 97, 157, 106, 152, 251, 62, 7, 248, 171,
    ];

    [Fact]
    public void Resizing_is_that_of_PyTorch()
    {
        // torch.nn.functional.interpolate(mode='bilinear', align_corners=False).
        Near([145.15, 228.6, 162.625, 176.475, 47.45, 155.125, 212.775, 164.5, 116.775, 148.55, 156.225, 100.125, 157.875, 70.85, 125.95,
            126.45, 154.05, 137.25, 49.475, 170.8], PlaceViews.Resize(Image, 6, 8, 4, 5), 1e-3);
        var larger = PlaceViews.Resize(Image, 6, 8, 9, 12);
        Near([106, 129, 168.167, 232.833, 190, 139.833, 175.167, 192, 166.667, 33.333, 10.5, 21], larger[..12], 1e-3);
        Assert.Equal(14_989.5, larger.Sum(value => (double)value), 2);
    }

    [Fact]
    public void Patches_are_normalised_as_numpy_does_it()
    {
        // (p - p.mean()) / p.std() of patches of 4 × 4, those at the lower edge 2 × 4.
        Near([-0.8549, -0.1407, 1.3653, -0.4667, 0.7432, 0.9668, -1.8279, -1.5345, 1.4274, -0.2183, 0.6356, -0.8394, 1.6515, 0.5336,
            0.1004, 0.2541, -0.6531, 0.0767, 0.9771, -0.2028, 0.5755, -0.5284, 0.5057, 0.1563, 1.3498, -2.0969, -1.243, 0.884, 0.2681,
            -0.9057, -1.8, 0.841, -1.4561, -0.208, 0.6964, -0.9135, -0.5766, -0.0657, 0.0219, -0.1679, 0.2985, -0.6241, 0.208, 1.9988,
            -0.6788, -1.4816, 2.0363, 0.9123], PlaceViews.NormalizePatches(Image, 6, 8, 4), 1e-4);
        Assert.All(PlaceViews.NormalizePatches(new float[12], 3, 4, 2), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Gray_weighs_the_colours() =>
        Assert.Equal([76, 150, 29, 255], PlaceViews.Gray(new([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255], 3, 1, 4)));

    [Fact]
    public void The_list_of_frames_has_no_tunnels_and_stations()
    {
        Assert.Equal((27_592, 202, 35_582), (NordlandFrames.Filtered.Count, NordlandFrames.Filtered[0], NordlandFrames.Filtered[^1]));
        Assert.Equal(NordlandFrames.Filtered.Distinct().Order(), NordlandFrames.Filtered);
        Assert.Equal((2761, 210), (NordlandFrames.EveryTenth.Count, NordlandFrames.EveryTenth[0]));
        Assert.Equal("5f74d2dc7bb3ad4a452ec722c47482fb9d95ab3e0f15513b6ddf437157f914c2", ListHash(NordlandFrames.Filtered));
        Assert.Equal("390d4926c66ec6b1f8af726ba338184810f650f1b81855cdac9dcc0d9c7df70e", ListHash(NordlandFrames.EveryTenth));
    }

    // Sums of pixels by Pillow.
    [Fact]
    public async Task Both_seasons_show_the_same_places_in_the_same_order()
    {
        var cache = await RealFiles.FetchAsync(Nordland.Small);
        var parts = Enum.GetValues<Split>().ToDictionary(split => split, split => Nordland.Small.Read(cache, split).ToList());
        Assert.Equal((2761, 276, 2485), (parts[Split.Train].Count, parts[Split.Validation].Count, parts[Split.Test].Count));
        Assert.All(parts[Split.Train], image => Assert.Equal("summer", image.Season));
        var asked = parts[Split.Validation].Concat(parts[Split.Test]).ToList();
        Assert.All(asked, image => Assert.Equal("winter", image.Season));
        Assert.Equal(parts[Split.Train].Select(image => (image.Label, image.Frame)), asked.Select(image => (image.Label, image.Frame)));
        Assert.Equal(184_940, parts[Split.Train][0].Pixels.ToArray().Sum(pixel => pixel));
        Assert.Equal((4340, 233_278), (asked[276].Frame, asked[276].Pixels.ToArray().Sum(pixel => pixel)));
        Assert.Equal((35_580, 146_262), (asked[^1].Frame, asked[^1].Pixels.ToArray().Sum(pixel => pixel)));
    }

    [Fact]
    public void Variants_of_the_literature_are_protocols_of_their_own()
    {
        Assert.Equal([(1, "nordland-t1@0"), (2, "nordland-t2@0"), (10, "nordland-t10@0")],
            new[] { Nordland.WithinOne, Nordland.WithinTwo, Nordland.WithinTen }.Select(set => (set.Tolerance, set.Card.Protocol)));
        Assert.Contains("within 10 frames", Nordland.WithinTen.Card.Tolerance);
        Assert.Equal("nordland-t1@0", Nordland.WithinTen.Card.VariantOf);
        Assert.Contains("reference (learned): summer; query (asked): winter", Nordland.WithinTen.Card.Roles);
    }

    static string ListHash(IReadOnlyList<int> frames) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        System.Text.Encoding.ASCII.GetBytes(string.Join('\n', frames.Select(frame => $"images-{frame:00000}.png")))));

    static void Near(double[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(found[i], expected[i] - tolerance, expected[i] + tolerance);
    }
}
