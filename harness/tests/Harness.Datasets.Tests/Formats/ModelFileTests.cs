using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.LanguageModels;

namespace Harness.Datasets.Tests.Formats;

/// <summary>llama2.c and GGUF.</summary>
public sealed class ModelFileTests
{
    // Counted in Python from the header and the file's length.
    [Fact]
    public async Task The_smallest_story_teller_has_260_032_parameters()
    {
        var set = new Stories260K();
        var model = Assert.Single(set.Read(await RealFiles.FetchAsync(set), Split.Test));
        var shape = model.Checkpoint.Shape;
        Assert.Equal(new LlamaShape(64, 172, 5, 8, 4, 512, 512, SharedClassifier: true), shape);
        Assert.Equal(260_032, shape.Parameters);
        Assert.Equal(264_128, model.Checkpoint.Weights.Length); // 4096 of them are the unused tables of frequencies
        Assert.Equal(264_128 - 4096, shape.Parameters);
        var weights = model.Checkpoint.Weights.Span;
        Assert.Equal([-0.29474878f, 0.5618956f, 0.17542253f], weights[..3].ToArray());
        Assert.Equal(587.346089, model.Checkpoint.Weights.ToArray().Sum(weight => (double)weight), 5);
        Assert.Equal((512, 7), (model.Tokenizer.Tokens.Count, model.Tokenizer.LongestToken));
        Assert.Equal("<unk>", Encoding.UTF8.GetString(model.Tokenizer.Tokens[0].Text.Span));
        Assert.Equal(-252f, model.Tokenizer.Tokens[^1].Score);
    }

    [Fact]
    public void A_checkpoint_whose_length_does_not_go_with_its_shape_is_refused()
    {
        var content = new byte[7 * 4 + 4];
        Buffer.BlockCopy(new[] { 8, 12, 2, 4, 2, 6, 5 }, 0, content, 0, 28);
        Assert.Contains("its shape asks for", Problem(content));
        Buffer.BlockCopy(new[] { 9 }, 0, content, 0, 4);
        Assert.Contains("a width of 9 with 4 heads and 2 key heads is not possible", Problem(content));
        Buffer.BlockCopy(new[] { int.MinValue }, 0, content, 20, 4);
        Assert.Contains("its vocabulary is 2147483647; allowed are 1 to 1048576", Problem(content));

        static string Problem(byte[] content) =>
            Assert.Throws<DataFormatException>(() => LlamaCheckpoint.Read(new MemoryStream(content), "model")).Message;
    }

    [Fact]
    public async Task A_real_GGUF_has_its_vocabulary()
    {
        var set = new LlamaVocabulary();
        var file = Assert.Single(set.Read(await RealFiles.FetchAsync(set), Split.Test));
        Assert.Equal("llama", file.Metadata["general.architecture"]);
        var tokens = Assert.IsType<object[]>(file.Metadata["tokenizer.ggml.tokens"]);
        Assert.Equal((32_000, "<unk>", "<s>", "</s>"), (tokens.Length, tokens[0], tokens[1], tokens[2]));
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Tensors_of_GGUF_are_described_with_place_and_packed_size()
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(3u);
            writer.Write(2ul);
            writer.Write(1ul);
            Text(writer, "answer");
            writer.Write(4u);
            writer.Write(42u);
            Tensor(writer, "weights", [256, 3], type: 12, offset: 0); // Q4_K: 144 bytes for 256
            Tensor(writer, "bias", [4], type: 0, offset: 448);
            writer.Write(new byte[(32 - (int)content.Position % 32) % 32]);
            writer.Write(new byte[448 + 16]);
        }
        content.Position = 0;
        var file = Gguf.Read(content, "model");
        Assert.Equal(42u, file.Metadata["answer"]);
        Assert.Equal([("weights", "Q4_K", 768L, 432L, 0L), ("bias", "F32", 4, 16, 448)],
            file.Tensors.Select(tensor => (tensor.Name, tensor.Type, tensor.Elements, tensor.Bytes, tensor.Offset)));
        Assert.Equal(content.Length, file.DataStart + 448 + 16);

        content.SetLength(content.Length - 1);
        content.Position = 0;
        Assert.Contains("the tensor 'bias' of 16 bytes at 448 lies outside",
            Assert.Throws<DataFormatException>(() => Gguf.Read(content, "model")).Message);
    }

    static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ulong)text.Length);
        writer.Write(Encoding.ASCII.GetBytes(text));
    }

    static void Tensor(BinaryWriter writer, string name, long[] shape, uint type, ulong offset)
    {
        Text(writer, name);
        writer.Write((uint)shape.Length);
        foreach (var length in shape) writer.Write(length);
        writer.Write(type);
        writer.Write(offset);
    }
}
