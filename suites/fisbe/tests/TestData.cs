using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>Reference numbers beside the tests, and real data under HARNESS_DATA.</summary>
static class TestData
{
    public static VolumeShape CropShape { get; } = new(50, 50, 50);

    public static JsonElement[] Reference(string name)
    {
        using var stream = typeof(TestData).Assembly.GetManifestResourceStream(name)!;
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()];
    }

    /// <summary>The file, or a skipped test that says what is missing.</summary>
    public static FileInfo Require(string name)
    {
        var folder = Environment.GetEnvironmentVariable("HARNESS_DATA") ?? Path.Combine(Root().FullName, "..", "shared", "data");
        var file = new FileInfo(Path.Combine(folder, "fisbe", name));
        Assert.SkipUnless(file.Exists, $"no fisbe/{name} under HARNESS_DATA ({folder})");
        return file;
    }

    /// <summary>The ground truth of FISBe's real crop: three channels, one neuron each.</summary>
    public static int[] CropTruth() => [.. Crop("gt_instances", 1).Take(3 * 125_000).Select(value => (int)value)];

    public static int[] CropImage() => [.. MemoryMarshal.Cast<byte, ushort>(Crop("raw", 2)).ToArray().Take(3 * 125_000)
        .Select(value => (int)value)];

    // Four chunks: two channels and 25 slices each for the image, two channels and 50 slices for the labels.
    static byte[] Crop(string key, int bytes)
    {
        using var archive = ZipFile.OpenRead(Require("JRC_SS05008-20160318_24_B2_crop.zip").FullName);
        var volume = new byte[4 * 125_000 * bytes];
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.Contains($"/{key}/")
            && char.IsAsciiDigit(entry.Name.FirstOrDefault())))
        {
            using var content = new MemoryStream();
            using (var zipped = new GZipStream(entry.Open(), CompressionMode.Decompress)) zipped.CopyTo(content);
            var (chunk, at) = (content.ToArray(), entry.Name.Split('.').Select(int.Parse).ToArray());
            var channel = chunk.Length / 2;
            for (var part = 0; part < 2; part++)
                chunk.AsSpan(part * channel, channel).CopyTo(volume.AsSpan((2 * at[0] + part) * 125_000 * bytes + at[1] * channel));
        }
        return volume;
    }

    static DirectoryInfo Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "harness.sln"))) return folder;
        return new(AppContext.BaseDirectory);
    }
}
