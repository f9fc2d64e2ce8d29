using System.Text;
using Harness.Datasets.Formats;
using Harness.Fuzzing;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Models;

using Decoder = Suites.LlmEdge.Decoding.Decoder;

public sealed class GgufModelTests : IDisposable
{
    readonly FileInfo _file = new(Path.GetTempFileName());

    public void Dispose() => _file.Delete();

    [Theory]
    [InlineData("F32", "llama", false)]
    [InlineData("Q8_0", "llama", true)]
    [InlineData("Q4_K", "qwen2", false)]
    public void A_written_model_is_read_back_to_the_bit(string packing, string architecture, bool tied)
    {
        var shape = RandomModels.Small with
        {
            Width = 256, Hidden = 256, Architecture = architecture, Base = 12_345, Epsilon = 2e-6f,
            Rotation = architecture == "qwen2" ? Rotation.Halves : Rotation.Neighbours,
        };
        using var source = RandomModels.Of(shape, tied: tied, biased: architecture == "qwen2");
        using var model = source.Repacked(Packing.Of(packing));
        GgufWriter.Write(model, _file);
        using var back = LanguageModel.Open(_file);
        Assert.Equal(model.Shape, back.Shape);
        Assert.Equal(model.Tokenizer.Tokens, back.Tokenizer.Tokens);
        Assert.Equal((model.Parameters, model.Bytes, model.Packing), (back.Parameters, back.Bytes, back.Packing));
        using Decoder one = new(model, new()), other = new(back, new());
        Assert.Equal(one.Append(1, 2, 3).ToArray(), other.Append(1, 2, 3).ToArray());
    }

    [Theory]
    [InlineData(Gating.Reglu, "relu")]
    [InlineData(Gating.Drelu, "drelu")]
    public void The_gating_survives_the_file_under_its_name(Gating gating, string name)
    {
        using var model = RandomModels.Of(RandomModels.Small with { Gating = gating });
        GgufWriter.Write(model, _file);
        Assert.Equal(name, Gguf.Read(_file).Metadata["llama.hidden_activation"]);
        using var back = LanguageModel.Open(_file);
        Assert.Equal(gating, back.Shape.Gating);
    }

    [Fact]
    public void A_gating_that_is_not_known_is_named()
    {
        var content = Content(RandomModels.Small with { Gating = Gating.Reglu });
        var at = content.AsSpan().IndexOf("relu"u8);
        "gelu"u8.CopyTo(content.AsSpan(at));
        File.WriteAllBytes(_file.FullName, content);
        Assert.EndsWith("llama.hidden_activation is 'gelu'; supported are silu, relu, drelu",
            Assert.Throws<DataFormatException>(() => LanguageModel.Open(_file)).Message);
    }

    [Fact]
    public void Byte_pairs_survive_the_file()
    {
        var tokens = Enumerable.Range(0, 256).Select(value => new Token($"{BytePairTokenizer.Letter((byte)value)}", 0, TokenKind.Normal));
        var tokenizer = new BytePairTokenizer([.. tokens, new("lo", 0, TokenKind.Normal)], ["l o"], "qwen2", null, 7);
        using var model = RandomModels.Of(RandomModels.Small with { Vocabulary = 257 }, tokenizer: tokenizer);
        GgufWriter.Write(model, _file);
        using var back = LanguageModel.Open(_file);
        Assert.Equal([256, 'w'], back.Tokenizer.Encode("low"));
        Assert.Equal((null, 7), (back.Tokenizer.Begin, back.Tokenizer.End));
    }

    [Theory]
    [InlineData("general.architecture", "general.architectur_", "its metadata lack general.architecture")]
    [InlineData("blk.1.ffn_up.weight", "blk.1.ffn_up.weigh_", "it has no tensor 'blk.1.ffn_up.weight'")]
    [InlineData("llama.block_count", "llama.block_coun_", "its metadata lack llama.block_count")]
    [InlineData("tokenizer.ggml.tokens", "tokenizer.ggml.token_", "its metadata lack tokenizer.ggml.tokens")]
    public void What_a_file_lacks_is_named(string name, string other, string problem)
    {
        var content = Content(RandomModels.Small);
        var at = content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name));
        Encoding.UTF8.GetBytes(other).CopyTo(content, at);
        File.WriteAllBytes(_file.FullName, content);
        Assert.EndsWith(problem, Assert.Throws<DataFormatException>(() => LanguageModel.Open(_file)).Message);
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_named()
    {
        Assert.Contains("There is no file", Assert.Throws<DataUnavailableException>(() => LanguageModel.Open(new("none.gguf"))).Message);
        Assert.Contains("it is empty", Assert.Throws<DataFormatException>(() => LanguageModel.Open(_file)).Message);
    }

    // Ten thousand damaged files: each is refused in one sentence, or is a model that decodes without touching memory that is not its own.
    [Fact]
    public void A_hostile_file_is_one_clear_error()
    {
        var reader = new FuzzedReader("gguf-model", [Content(Tiny), Content(Tiny with { KeyHeads = 2, Layers = 2 })], content =>
        {
            var stream = new MemoryStream(content);
            using var model = GgufModel.Read(Gguf.Read(stream, "fuzzed"), Loaded(content), "fuzzed");
            using var decoder = new Decoder(model, new(Context: Math.Min(4, model.Shape.Context), Batch: 2));
            decoder.Append(0);
        });
        var tally = FuzzTally.Of(reader.Name, Fuzzer.Run(reader, 1, 0, 10_000));
        Assert.Empty(tally.Findings);
        Assert.Equal(10_000, tally.Inputs);
        Assert.InRange(tally.Accepted, 500, 9_000);
        Assert.True(tally.Problems.Count > 20, $"only {tally.Problems.Count} different problems were found");
    }

    static ModelShape Tiny { get; } = new("llama", 12, 8, 8, 8, 1, 2, 1);

    static LoadedFile Loaded(byte[] content) => new(new MemoryStream(content));

    static byte[] Content(ModelShape shape)
    {
        using var model = RandomModels.Of(shape);
        var stream = new MemoryStream();
        GgufWriter.Write(model, stream);
        return stream.ToArray();
    }
}
