using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>Skeletons of scikit-image 0.19.3 (Reference/skeletons.py), compared voxel for voxel by their hashes.</summary>
public sealed class ThinningTests
{
    public static TheoryData<string> Drawn() => [.. TestData.Reference("skeletons.json").Select(item => item.GetRawText())
        .Where(text => text.Contains("\"noise\"") || text.Contains("\"walk\""))];

    [Theory]
    [MemberData(nameof(Drawn), DisableDiscoveryEnumeration = true)]
    public void A_drawn_shape_has_the_skeleton_of_scikit_image(string text)
    {
        var expected = JsonElement.Parse(text);
        var shape = Shape(expected);
        var drawing = new Drawing(expected.GetProperty("seed").GetUInt64());
        var volume = expected.GetProperty("kind").GetString() == "noise" ? drawing.Noise(shape, expected.GetProperty("percent").GetInt32())
            : drawing.Walk(shape, expected.GetProperty("radius").GetInt32(), 200);
        AssertSkeleton(expected, Drawing.MaskOf(volume), shape);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_real_neuron_has_the_skeleton_of_scikit_image(int channel)
    {
        var truth = TestData.CropTruth();
        var expected = TestData.Reference("skeletons.json").Single(item => item.GetProperty("kind").GetString() == "crop"
            && item.GetProperty("channel").GetInt32() == channel);
        var mask = Drawing.MaskOf([.. truth.AsSpan(channel * 125_000, 125_000).ToArray().Select(label => label > 0)]);
        AssertSkeleton(expected, mask, TestData.CropShape);
    }

    [Fact]
    public void Nothing_has_no_skeleton() => Assert.Empty(Thinning.Skeleton(Mask.Empty, new(3, 3, 3)));

    [Fact]
    public void Where_a_shape_lies_in_its_volume_does_not_matter()
    {
        var wide = new VolumeShape(10, 10, 200);
        for (var width = 1; width <= 130; width++)
        {
            var shape = new VolumeShape(3, 4, width);
            int Inside(int voxel) => wide.Number(voxel / (4 * width) + 3, voxel / width % 4 + 2, voxel % width + 37);
            var full = Mask.Of(Enumerable.Range(0, (int)shape.Voxels));
            Assert.Equal(Thinning.Skeleton(full, shape).Select(Inside), Thinning.Skeleton(Mask.Of(full.Voxels().Select(Inside)), wide));
        }
    }

    internal static void AssertSkeleton(JsonElement expected, Mask mask, VolumeShape shape)
    {
        Assert.Equal(expected.GetProperty("voxels").GetInt32(), mask.Count);
        var skeleton = Thinning.Skeleton(mask, shape);
        Assert.Equal(expected.GetProperty("size").GetInt32(), skeleton.Length);
        Assert.Equal(expected.GetProperty("sha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>(skeleton))));
    }

    internal static VolumeShape Shape(JsonElement item)
    {
        var shape = item.GetProperty("shape");
        return new(shape[0].GetInt32(), shape[1].GetInt32(), shape[2].GetInt32());
    }
}
