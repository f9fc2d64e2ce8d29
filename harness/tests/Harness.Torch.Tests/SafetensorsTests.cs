using System.Buffers.Binary;
using System.Text;
using Harness.Abstractions;
using static TorchSharp.torch;

namespace Harness.Torch.Tests;

public sealed class SafetensorsTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("safetensors-");

    FileInfo Some => new(Path.Combine(folder.FullName, "some.safetensors"));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_was_written_is_read()
    {
        TorchSession.Begin(1, 1);
        using var scope = NewDisposeScope();
        var numbers = randn(3, 4);
        var whole = arange(5, dtype: int64);
        Safetensors.Write(Some, new Dictionary<string, Tensor>
        {
            ["a.weight"] = numbers, ["whole"] = whole, ["across"] = numbers.t(), ["none"] = zeros(0, 2), ["one"] = tensor(2.5),
            ["bytes"] = ones([3], uint8),
        }, new Dictionary<string, string> { ["epoch"] = "3", ["words"] = "\"q\" {ü}" });
        using var read = Safetensors.Read(Some);
        Assert.Equal(numbers.data<float>().ToArray(), read.Tensors["a.weight"].data<float>().ToArray());
        Assert.Equal([4L, 3L], read.Tensors["across"].shape);
        Assert.Equal(numbers.t().contiguous().data<float>().ToArray(), read.Tensors["across"].data<float>().ToArray());
        Assert.Equal(whole.data<long>().ToArray(), read.Tensors["whole"].data<long>().ToArray());
        Assert.Equal([0L, 2L], read.Tensors["none"].shape);
        Assert.Equal([], read.Tensors["one"].shape);
        Assert.Equal(2.5, read.Tensors["one"].item<double>());
        Assert.Equal(ScalarType.Byte, read.Tensors["bytes"].dtype);
        Assert.Equal(("3", "\"q\" {ü}"), (read.Texts["epoch"], read.Texts["words"]));
    }

    /// <summary>The layout of the published format, byte by byte.</summary>
    [Fact]
    public void The_file_is_what_the_format_says()
    {
        using (var values = tensor(new float[] { 1, -2 }))
            Safetensors.Write(Some, new Dictionary<string, Tensor> { ["x"] = values }, new Dictionary<string, string>());
        var bytes = File.ReadAllBytes(Some.FullName);
        var header = Encoding.UTF8.GetString(bytes[8..(8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes))]);
        Assert.Equal("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", header.TrimEnd(' '));
        Assert.Equal(0, header.Length % 8);
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], bytes[^8..]);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("{}", 500)]
    [InlineData("not json", 8)]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", null)]
    [InlineData("""{"x":{"dtype":"F4","shape":[0],"data_offsets":[0,0]}}""", null)]
    [InlineData("""{"x":{"dtype":"F32","shape":[0],"data_offsets":[0]}}""", null)]
    [InlineData("""{"x":{"shape":[0],"data_offsets":[0,0]}}""", null)]
    public void A_damaged_file_is_refused_with_its_name(string header, int? length)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(length ?? text.Length));
        text.CopyTo(bytes, 8);
        File.WriteAllBytes(Some.FullName, header.Length == 0 ? [1, 2, 3] : bytes);
        Assert.Contains($"{Some.FullName} is not a safetensors file", Assert.Throws<HarnessException>(() => Safetensors.Read(Some)).Message,
            StringComparison.Ordinal);
    }
}
