using Harness.Datasets.Formats;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Tokens;

public sealed class TokenizerTests
{
    // Ids that llama.cpp's own tests state for this vocabulary (tests/test-tokenizer-0, llama-spm).
    public static TheoryData<string, int[]> Llama => new()
    {
        { "", [] }, { " ", [259] }, { "  ", [1678] }, { "\t", [29871, 12] }, { "\n", [29871, 13] }, { "\t\n", [29871, 12, 13] },
        { "Hello world", [15043, 3186] }, { " Hello world", [29871, 15043, 3186] }, { "Hello World!", [15043, 2787, 29991] },
        { "this is 🦙.cpp", [445, 338, 29871, 243, 162, 169, 156, 29889, 8223] },
        { "w048 7tuijk dsdfhu", [281, 29900, 29946, 29947, 29871, 29955, 9161, 13535, 18031, 2176, 6905] },
        { "нещо на Български", [1538, 4851, 665, 1386, 29713, 1305] },
    };

    [Theory, MemberData(nameof(Llama))]
    public void Llamas_vocabulary_spells_as_llama_cpp_does(string text, int[] expected)
    {
        var file = TestData.FileOrSkip("gguf-vocab/ggml-vocab-llama.gguf");
        var tokenizer = GgufTokenizer.Read(new GgufMetadata(Gguf.Read(file), file.Name));
        Assert.Equal(1, tokenizer.Begin);
        Assert.Equal(expected, tokenizer.Encode(text));
        Assert.Equal(text.Length == 0 ? "" : " " + text, tokenizer.Decode(expected));
    }

    [Fact]
    public void What_a_story_was_spelled_in_reads_as_the_story()
    {
        using var model = TestData.StoriesOrSkip();
        foreach (var story in TestData.FiveStoriesOrSkip())
            Assert.Equal(" " + story, model.Tokenizer.Decode(model.Tokenizer.EncodeWhole(story)));
    }

    [Theory]
    [InlineData("lower", new[] { 259, 258 })]            // l o w e r: (l o) before (lo w), then (e r)
    [InlineData("low low", new[] { 259, 32, 259 })]      // a blank begins the next word, but no merge joins it
    [InlineData("wer", new[] { 119, 258 })]
    [InlineData("é", new[] { 0xC3, 0xA9 })]
    public void Byte_pairs_merge_in_the_order_of_their_list(string text, int[] expected) =>
        Assert.Equal(expected, ByteVocabulary("gpt-2").Encode(text));

    [Theory]
    [InlineData("gpt-2", "I'll pay 12345  euros!\n\nNow", "I|'ll| pay| 12345| | euros|!|\n|\n|Now")]
    [InlineData("llama-bpe", "I'LL pay 12345  euros!\n\nNow", "I|'LL| pay| |123|45| | euros|!\n\n|Now")]
    [InlineData("qwen2", "I'll pay 12  euros!", "I|'ll| pay| |1|2| | euros|!")]
    public void Words_are_split_as_the_model_was_trained(string splitting, string text, string expected)
    {
        var tokenizer = ByteVocabulary(splitting);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        Assert.Equal(expected.Split('|'), BytePairTokenizer.Words(splitting, text));
    }

    [Fact]
    public void A_letter_without_token_is_an_error_of_one_line()
    {
        var tokenizer = new BytePairTokenizer([new("a", 0, TokenKind.Normal)], [], "gpt-2", null, null);
        Assert.Equal("The vocabulary has no token for 'b', a part of 'ab'.",
            Assert.Throws<HarnessException>(() => tokenizer.Encode("ab")).Message);
        Assert.Contains("The way 'odd' to split words is not supported; supported are default, gpt-2",
            Assert.Throws<HarnessException>(() => new BytePairTokenizer([], [], "odd", null, null)).Message);
    }

    // Bytes are their own ids; then lo, low and er.
    static BytePairTokenizer ByteVocabulary(string splitting)
    {
        var tokens = Enumerable.Range(0, 256).Select(value => new Token($"{BytePairTokenizer.Letter((byte)value)}", 0, TokenKind.Normal));
        return new([.. tokens, new("lo", 0, TokenKind.Normal), new("we", 0, TokenKind.Normal), new("er", 0, TokenKind.Normal),
            new("low", 0, TokenKind.Normal)], ["l o", "lo w", "e r", "w e"], splitting, null, null);
    }
}
