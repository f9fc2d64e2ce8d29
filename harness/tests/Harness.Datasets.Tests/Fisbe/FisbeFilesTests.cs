using System.IO.Compression;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Formats;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Datasets.Tests.Fisbe;

public sealed class FisbeFilesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Counted by the authors of the crop's description with numpy.
    [Fact]
    public async Task The_real_crop_has_three_neurons_of_known_size_that_overlap()
    {
        var cache = await RealFiles.FetchAsync(FisbeImages.Crop);
        using var sample = Assert.Single(FisbeImages.Crop.Read(cache, Split.Test));
        Assert.Equal([3, 50, 50, 50], sample.Raw.Shape);
        Assert.False(sample.Complete);
        Assert.Equal(new Dictionary<ushort, long> { [1] = 3765, [2] = 6193, [3] = 14_246 }, InstanceCensus.Of(sample.Instances!));
        var (raw, instances) = (All(sample.Raw), All(sample.Instances!));
        Assert.Equal((0, 3287), (raw.Min(), raw.Max()));
        var voxels = instances.Length / 3;
        Assert.Equal(2315, Enumerable.Range(0, voxels).Count(voxel =>
            Enumerable.Range(0, 3).Count(layer => instances[layer * voxels + voxel] != 0) > 1));
        Assert.Empty(FisbeImages.Crop.Read(cache, Split.Train));
    }

    // Counted with h5py and numpy.
    [Fact]
    public async Task The_real_prediction_has_eleven_instances_and_nine_after_the_filter()
    {
        var cache = await RealFiles.FetchAsync(new FisbePrediction());
        var prediction = Assert.Single(new FisbePrediction().Read(cache, Split.Test));
        using var volume = prediction.Instances;
        Assert.Equal([385, 685, 686], volume.Shape);
        var census = InstanceCensus.Of(volume);
        Assert.Equal([1446, 40_562, 62_319, 1094, 1495, 1923, 1134, 128, 1225, 34_230, 32],
            census.OrderBy(instance => instance.Key).Select(instance => instance.Value));
        Assert.Equal(9, census.Values.Count(voxels => voxels > 800));
    }

    [Fact]
    public void A_release_is_read_by_its_folders_and_only_the_split_that_is_asked_for()
    {
        var archive = Release("completely/train/b", "completely/train/a", "completely/val/c", "partly/test/d");
        Assert.Equal(["a", "b"], Names(archive, Split.Train));
        Assert.Equal(["c"], Names(archive, Split.Validation));
        Assert.Equal(["d"], Names(archive, Split.Test));
        var samples = FisbeImages.Read(archive, Split.Train).Concat(FisbeImages.Read(archive, Split.Test)).ToList();
        Assert.Equal([true, true, false], samples.Select(sample => sample.Complete));
        Assert.All(samples, sample => sample.Dispose());
    }

    [Fact]
    public void What_is_written_as_a_sample_is_read_back_with_its_overlaps_and_dim_neurons()
    {
        using var drawn = FisbeSynth.Small.Read(_folder.Info, Split.Train).First(sample => sample.Dim.Count > 0);
        FisbeSample.Write(_folder.Info, drawn, [2, 10, 20, 30], ZarrCodec.ZstdCodec(3));
        using var read = FisbeSample.Open(new FolderKeys(_folder.Info), drawn.Name, complete: true);
        Assert.Equal(All(drawn.Raw), All(read.Raw));
        Assert.Equal(All(drawn.Instances!), All(read.Instances!));
        Assert.Equal(drawn.Dim, read.Dim);
    }

    [Fact]
    public async Task A_written_sample_is_what_another_reader_of_Zarr_sees()
    {
        using var drawn = FisbeSynth.Small.Read(_folder.Info, Split.Test).First();
        FisbeSample.Write(_folder.Info, drawn, [1, 24, 48, 48], ZarrCodec.GzipCodec(1));
        var printed = await Python.RunAsync("""
            import sys, zarr, numpy as np
            z = zarr.open(sys.argv[1], mode='r')
            r, g = z['volumes/raw'][:], z['volumes/gt_instances'][:]
            sizes = [int((g == i).sum()) for i in range(1, g.max() + 1)]
            print(r.dtype.str, r.shape, int(r.sum(dtype=np.int64)), g.dtype.str, g.shape[1:], *sizes)
            """, ["zarr", "numpy"], _folder.Info.FullName);
        var sum = All(drawn.Raw).Sum(value => (long)value);
        var sizes = InstanceCensus.Of(drawn.Instances!).OrderBy(neuron => neuron.Key).Select(neuron => neuron.Value);
        Assert.Equal($"<u2 (3, 24, 48, 48) {sum} |u1 (24, 48, 48) {string.Join(' ', sizes)}", printed);
    }

    [Fact]
    public void Samples_that_do_not_fit_together_are_named()
    {
        WriteEmpty(_folder.Info, width: 2, instanceWidth: 3);
        Assert.Contains("are not [channel, z, y, x] of the same extent", Assert.Throws<DataFormatException>(() =>
            FisbeSample.Open(new FolderKeys(_folder.Info), "a", complete: true)).Message);
    }

    FileInfo Release(params string[] samples)
    {
        var path = _folder.At("release.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
            foreach (var sample in samples)
            {
                var folder = _folder.Sub(Path.GetRandomFileName());
                WriteEmpty(folder, width: 2, instanceWidth: 2);
                foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
                    zip.CreateEntryFromFile(file.FullName, $"{sample}.zarr/{Path.GetRelativePath(folder.FullName, file.FullName)}");
            }
        return new(path);
    }

    static void WriteEmpty(DirectoryInfo folder, int width, int instanceWidth)
    {
        var (raw, instances) = (new ArrayVolume<ushort>([1, 2, 2, width], new ushort[4 * width]),
            new ArrayVolume<byte>([1, 2, 2, instanceWidth], new byte[4 * instanceWidth]));
        ZarrWriter.Write(folder, "volumes/raw", raw, raw.Shape, codec: null);
        ZarrWriter.Write(folder, "volumes/gt_instances", instances, instances.Shape, codec: null);
    }

    static IEnumerable<string> Names(FileInfo archive, Split split) => FisbeImages.Read(archive, split).Select(sample =>
    {
        sample.Dispose();
        return sample.Name;
    });

    static T[] All<T>(IVolume<T> volume) where T : unmanaged
    {
        var values = new T[volume.Shape.Aggregate(1, (product, length) => product * length)];
        volume.Read(new int[volume.Shape.Count], [.. volume.Shape], values);
        return values;
    }
}
