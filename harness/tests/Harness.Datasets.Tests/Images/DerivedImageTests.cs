using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.Images;

namespace Harness.Datasets.Tests.Images;

public sealed class DerivedImageTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // numpy.random.RandomState(92916).permutation(784).
    [Fact]
    public void The_published_permutation_is_numpys()
    {
        Assert.Equal([319, 576, 323, 107, 355, 716, 197, 20, 625, 60], SequentialMnist.Permuted.Order.Take(10));
        Assert.Equal(118_652_722, SequentialMnist.Permuted.Order.Select((pixel, step) => pixel * step).Sum());
        Assert.Equal(Enumerable.Range(0, 784), SequentialMnist.Permuted.Order.Order());
        Assert.Equal(Enumerable.Range(0, 784), SequentialMnist.ByRow.Order);
    }

    [Fact]
    public async Task A_sequence_shows_the_pixels_of_its_image_in_that_order()
    {
        var cache = await RealFiles.FetchAsync(new Mnist());
        var image = new Mnist().Read(cache, Split.Test).First();
        var sequence = SequentialMnist.Permuted.Read(cache, Split.Test).First();
        Assert.Equal((784, 1, image.Label), (sequence.Steps, sequence.Channels, sequence.Label));
        Assert.Equal(SequentialMnist.Permuted.Order.Select(pixel => image.Pixels.Span[pixel]), sequence.Values.ToArray());
    }

    [Fact]
    public async Task Tasks_of_split_MNIST_come_one_after_the_other()
    {
        var cache = await RealFiles.FetchAsync(new Mnist());
        var tasks = new MnistSplits().Read(cache, Split.Test).ToList();
        Assert.Equal(10_000, tasks.Count);
        Assert.Equal(tasks.Select(sample => sample.Task).Order(), tasks.Select(sample => sample.Task));
        Assert.All(tasks, sample => Assert.Equal(sample.Image.Label / 2, sample.Task));
        Assert.Equal([980 + 1135, 1032 + 1010, 982 + 892, 958 + 1028, 974 + 1009],
            tasks.CountBy(sample => sample.Task).Select(count => count.Value));
    }

    // tf.image.rgb_to_grayscale of uint8: 0.2989, 0.587, 0.114 of values 0..1, then convert_image_dtype, which scales by 255.5 and cuts.
    [Theory]
    [InlineData(255, 255, 255, 255)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(255, 0, 0, 76)]
    [InlineData(0, 255, 0, 149)]
    [InlineData(0, 0, 255, 29)]
    [InlineData(141, 159, 179, 156)]
    public void Gray_is_TensorFlows(byte red, byte green, byte blue, int gray) => Assert.Equal(gray, GrayTokens.Gray(red, green, blue));

    [Fact]
    public void The_official_archive_of_CIFAR_10_is_read_record_by_record()
    {
        var archive = CifarArchive(records: 1200);
        var (train, validation, test) = (Read(Split.Train), Read(Split.Validation), Read(Split.Test));
        Assert.Equal((1000, 5000, 1200), (train.Count, validation.Count, test.Count));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i % 1200 % 10), train.Select(image => image.Label));
        var image = train[7]; // red 7, green 8, blue 9 everywhere
        Assert.Equal((3, 32, 32), (image.Channels, image.Height, image.Width));
        Assert.Equal([7, 8, 9], new[] { 0, 1024, 2048 }.Select(at => (int)image.Pixels.Span[at]));

        List<LabeledImage> Read(Split split) => [.. Cifar10.Read(archive, split)];
    }

    [Fact]
    public void A_damaged_batch_of_CIFAR_10_is_named()
    {
        Assert.Contains("3072 bytes are not a whole number of records of 3073", Problem(new byte[3072]));
        Assert.Contains("record 0 has the label 10; allowed are 0 to 9", Problem([10, .. new byte[3072]]));

        string Problem(byte[] batch)
        {
            var archive = Tar(("cifar-10-batches-bin/test_batch.bin", batch));
            return Assert.Throws<DataFormatException>(() => Cifar10.Read(archive, Split.Test).ToList()).Message;
        }
    }

    // Decoded by Pillow, which uses libjpeg.
    [Fact]
    public async Task JPEG_images_are_decoded_as_libjpeg_does()
    {
        var set = new Cifar10Jpeg();
        var cache = await RealFiles.FetchAsync(set);
        var archive = new FileInfo(Path.Combine(cache.FullName, set.Card.Files[1].Name));
        var file = Assert.Single(Archive.Files(archive, name => name.EndsWith("test/airplane/0000.jpg", StringComparison.Ordinal)));
        var image = RasterImage.Decode(file.Content, 3, file.Name);
        Assert.Equal([141, 159, 179], new[] { 0, 1024, 2048 }.Select(at => (int)image.Pixels[at]));
        int[] sums = [155_918, 154_094, 165_629];
        for (var channel = 0; channel < 3; channel++) // inverse transforms may differ by one step in a pixel
            Assert.InRange(image.Pixels.Skip(1024 * channel).Take(1024).Sum(pixel => pixel), sums[channel] - 50, sums[channel] + 50);
    }

    [Fact]
    public void What_is_encoded_as_PNG_is_decoded_and_other_images_are_refused()
    {
        var gray = new RasterImage([.. Enumerable.Range(0, 12).Select(i => (byte)(20 * i))], 1, 3, 4);
        var colour = new RasterImage([.. Enumerable.Range(0, 36).Select(i => (byte)(7 * i))], 3, 3, 4);
        Assert.Equal(gray.Pixels, RasterImage.Decode(gray.EncodePng(), 1, "gray").Pixels);
        Assert.Equal(colour.Pixels, RasterImage.Decode(colour.EncodePng(), 3, "colour").Pixels);
        Assert.Equal(gray.EncodePng(), gray.EncodePng());
        Assert.Contains("8-bit gray is expected", Problem(colour.EncodePng()));
        Assert.Contains("it is neither PNG nor JPEG", Problem([1, 2, 3]));
        Assert.Contains("its pixels cannot be decoded", Problem(gray.EncodePng()[..^30]));

        static string Problem(byte[] content) =>
            Assert.Throws<DataFormatException>(() => RasterImage.Decode(content, 1, "image")).Message;
    }

    FileInfo CifarArchive(int records)
    {
        byte[] batch = [.. Enumerable.Range(0, records).SelectMany(Record)];
        return Tar([.. Enumerable.Range(1, 5).Select(number => ($"cifar-10-batches-bin/data_batch_{number}.bin", batch)),
            ("cifar-10-batches-bin/test_batch.bin", batch)]);

        static byte[] Record(int i) => [(byte)(i % 10), .. Plane(i), .. Plane(i + 1), .. Plane(i + 2)];
        static byte[] Plane(int value) => [.. Enumerable.Repeat((byte)value, 1024)];
    }

    FileInfo Tar(params (string Name, byte[] Content)[] files) => new(_folder.Write("cifar.tar.gz", Tars.Gzip(Tars.Of(files))));
}
