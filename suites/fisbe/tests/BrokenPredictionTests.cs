using System.Globalization;
using Harness.Datasets;
using Harness.Datasets.Formats.Zarr;
using PureHDF;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>What users hand in by mistake: one error each, which names the file, the key and what to do.</summary>
public sealed class BrokenPredictionTests : IDisposable
{
    const string Key = "volumes/labels";
    static readonly int[] Extent = [12, 20, 20];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("labels-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_whole_prediction_is_scored() => Assert.Equal(1, Score(Hdf5(Tubes(), 12, 20, 20)));

    [Fact]
    public void Truth_values_are_a_mask() => // one neuron of two: avF1 2/3, C 1/2
        Assert.Equal((2.0 / 3 + 0.5) / 2, Score(Hdf5([.. Tubes().Select(label => label == 1)], 12, 20, 20)), 1e-12);

    [Fact]
    public void Axes_that_are_no_volume_are_refused() =>
        Refused(Hdf5(Tubes(), 12, 400), Key, "2 axes (12×400)", "allowed are [z, y, x] and [channel, z, y, x]", "Save the volume");

    [Fact]
    public void A_volume_that_does_not_nest_in_the_ground_truth_is_refused() =>
        Refused(Hdf5(Tubes(), 20, 20, 12), Key, "20×20×12 voxels", "12×20×20", "Pad or crop the prediction");

    [Fact]
    public void A_part_without_neurons_is_told_from_an_empty_ground_truth() =>
        Refused(Hdf5(new int[16], 1, 4, 4), "no instance", "in the middle part of 1×4×4 voxels", "is it the prediction of this sample?");

    [Fact]
    public void Probabilities_are_no_labels() =>
        Refused(Hdf5([.. Tubes().Select(label => label + 0.5f)], 12, 20, 20), Key, "type <f4", "allowed are u1",
            "Save the instance ids as int32");

    [Fact]
    public void What_is_no_number_is_no_label() => Refused(Hdf5([.. Tubes().Select(label => (float)label).Select(label =>
        label > 1 ? float.NaN : label)], 12, 20, 20), Key, "type <f4", "Save the instance ids as int32");

    [Fact]
    public void Texts_are_no_labels() => Refused(Hdf5(["1", "2"], 2), Key, "holds no numbers", "Save the instance ids as int32");

    [Fact]
    public void A_missing_key_is_told_with_those_that_are_there()
    {
        var error = Assert.Throws<HarnessException>(() => LabelFile.Open(Hdf5(Tubes(), 12, 20, 20), "volumes/other"));
        Mentions(error.Message, "prediction.hdf", "volumes/other", $"It has {Key}", "name one of them");
    }

    [Theory]
    [InlineData(int.MaxValue + 1L)]
    [InlineData(uint.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void An_id_out_of_range_is_named(long id) => Refused(Hdf5([.. Tubes().Select(label => label == 2 ? id : label)], 12, 20, 20),
        Key, id.ToString(CultureInfo.InvariantCulture), "up to 2147483647", "Number the instances anew");

    [Fact]
    public void A_volume_without_voxels_is_refused() =>
        Refused(Hdf5(Array.Empty<int>(), 0, 20, 20), Key, "0×20×20", "Write the file again");

    [Fact]
    public void A_truncated_chunk_is_named()
    {
        var folder = Zarr(Tubes());
        var chunk = new FileInfo(Path.Combine(folder, Key, "0.1.0"));
        using (var file = chunk.OpenWrite()) file.SetLength(file.Length / 2);
        Refused(folder, Key, "0.1.0", "cannot be unpacked as gzip", "Write the file again");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(1500)]
    public void A_truncated_file_is_refused(int bytes)
    {
        var path = Hdf5(Tubes(), 12, 20, 20);
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(bytes);
        Refused(path, "cannot be read", "Write the file again");
    }

    [Fact]
    public void A_file_of_an_unknown_kind_is_refused()
    {
        var path = Path.Combine(_folder.FullName, "prediction.npy");
        File.WriteAllText(path, "x");
        Mentions(Assert.Throws<HarnessException>(() => LabelFile.Open(path, Key)).Message,
            "'.NPY'", "allowed are a Zarr v2 folder", "Convert");
    }

    static void Refused(string path, params string[] words)
    {
        var error = Assert.Throws<HarnessException>(() => Score(path));
        Mentions(error.Message, [Path.GetFileName(path), .. words]);
        Assert.DoesNotContain(Environment.NewLine, error.Message, StringComparison.Ordinal);
    }

    static void Mentions(string message, params string[] words) =>
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));

    static double Score(string path)
    {
        var prediction = LabelFile.Open(path, Key);
        using var file = prediction as IDisposable;
        using var truth = new SlabLabels<int>("truth", new ArrayVolume<int>([1, .. Extent], Tubes()), null);
        var rules = ScoringRules.FlyLight with { Smallest = 10 };
        var input = ScoringInput.Read(truth, prediction, rules, null, TestContext.Current.CancellationToken);
        return VolumeScorer.Score(input, rules, threads: 1).S;
    }

    /// <summary>Two neurons of 3 × 3 × 16 voxels.</summary>
    static int[] Tubes()
    {
        var labels = new int[4800];
        for (var z = 2; z < 5; z++)
            for (var y = 3; y < 6; y++)
                for (var x = 2; x < 18; x++) (labels[(z * 20 + y) * 20 + x], labels[((z + 5) * 20 + y + 9) * 20 + x]) = (1, 2);
        return labels;
    }

    string Hdf5<T>(T[] values, params ulong[] shape)
    {
        var path = Path.Combine(_folder.FullName, "prediction.hdf");
        new H5File { ["volumes"] = new H5Group { ["labels"] = new H5Dataset<T[]>(values, fileDims: shape) } }.Write(path);
        return path;
    }

    string Zarr(int[] labels)
    {
        var folder = _folder.CreateSubdirectory("prediction.zarr");
        using var volume = new ArrayVolume<int>(Extent, labels);
        ZarrWriter.Write(folder, Key, volume, [6, 10, 10], ZarrCodec.GzipCodec(1));
        return folder.FullName;
    }
}
