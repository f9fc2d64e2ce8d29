using Harness.Torch;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tests.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Decoding;

public sealed class DecoderTests
{
    static readonly int[] Sequence = [1, 5, 9, 40, 41, 3, 3, 90, 17, 22, 60, 7];

    public DecoderTests() => TorchRuntime.Initialize();

    [Theory]
    [InlineData("llama", false, Rotation.Neighbours, Gating.Swiglu)]
    [InlineData("qwen2", true, Rotation.Halves, Gating.Swiglu)]
    [InlineData("llama", false, Rotation.Neighbours, Gating.Reglu)]
    [InlineData("llama", false, Rotation.Neighbours, Gating.Drelu)]
    public void Logits_are_those_of_a_forward_pass_in_tensors(string architecture, bool biased, Rotation rotation, Gating gating)
    {
        var shape = RandomModels.Small with
        {
            Architecture = architecture, Rotation = rotation, Hidden = 100, Base = 500, Gating = gating,
        };
        using var model = RandomModels.Of(shape, biased: biased);
        using var decoder = new Decoder(model, new(Threads: 2, Batch: 5));
        var expected = TorchForward.Of(model, Sequence);
        decoder.Append(Sequence, (index, logits) =>
        {
            for (var id = 0; id < logits.Length; id++) Assert.Equal(expected[index, id], logits[id], 2e-4f);
        });
    }

    [Fact]
    public void Perplexity_of_the_stories_is_that_of_tensors()
    {
        using var model = TestData.StoriesOrSkip();
        using var decoder = new Decoder(model, new());
        var stories = TestData.FiveStoriesOrSkip().Select(story => model.Tokenizer.EncodeWhole(story)).ToList();
        var ours = stories.Select(story => decoder.Score(story)).Aggregate((sum, one) => sum + one);
        var theirs = Math.Exp(stories.Sum(story => TorchForward.Nats(model, story)) / ours.Tokens);
        Assert.Equal(theirs, ours.Perplexity, 1e-4);
    }

    [Theory]
    [InlineData("F16", 0.001)]
    [InlineData("Q8_0", 0.01)]
    [InlineData("Q4_0", 0.35)]
    public void Packed_weights_cost_little_perplexity(string packing, double most)
    {
        using var model = TestData.StoriesOrSkip();
        using var packed = model.Repacked(Packing.Of(packing));
        var stories = TestData.FiveStoriesOrSkip().Select(story => model.Tokenizer.EncodeWhole(story)).ToList();
        double Loss(LanguageModel one)
        {
            using var decoder = new Decoder(one, new(Threads: 2));
            return stories.Select(story => decoder.Score(story)).Aggregate((sum, score) => sum + score).Loss;
        }
        Assert.InRange(Math.Abs(Loss(packed) - Loss(model)), 1e-9, most);
        Assert.True(packed.Bytes < model.Bytes);
    }

    [Fact]
    public void Tokens_in_one_pass_or_one_by_one_and_on_any_number_of_threads_give_the_same_logits()
    {
        using var source = RandomModels.Of(RandomModels.Small);
        foreach (var packing in new[] { Packing.F32, Packing.F16, Packing.Q80, Packing.Q40 })
        {
            using var model = source.Repacked(packing);
            using Decoder whole = new(model, new()), single = new(model, new(Threads: 3, Batch: 1));
            var expected = whole.Append(Sequence).ToArray();
            foreach (var token in Sequence[..^1]) single.Append(token);
            var actual = single.Append(Sequence[^1]).ToArray();
            for (var id = 0; id < expected.Length; id++) Assert.Equal(expected[id], actual[id], 1e-4f);
        }
    }

    [Fact]
    public void Every_width_of_registers_gives_about_the_same_logits()
    {
        using var source = RandomModels.Of(RandomModels.Small with { Width = 256, Hidden = 512 });
        foreach (var packing in Packing.All)
        {
            using var model = source.Repacked(packing);
            var logits = Enum.GetValues<Instructions>().Where(one => one <= MatrixKernel.Best).Select(instructions =>
            {
                using var decoder = new Decoder(model, new(Instructions: instructions));
                return decoder.Append(Sequence).ToArray();
            }).ToArray();
            // Codes of activations may round the other way where a sum differs in its last bit.
            foreach (var other in logits[1..])
                for (var id = 0; id < other.Length; id++) Assert.Equal(logits[0][id], other[id], packing.BlockElements == 1 ? 1e-4f
                    : 0.05f);
        }
    }

    [Fact]
    public void A_cache_cut_back_forgets_what_came_after()
    {
        using var model = RandomModels.Of(RandomModels.Small);
        using var decoder = new Decoder(model, new());
        var expected = decoder.Append(Sequence).ToArray();
        decoder.Reset(4);
        decoder.Append(50, 51, 52);
        decoder.Reset(4);
        Assert.Equal(expected, decoder.Append(Sequence.AsSpan(4)).ToArray());
    }

    [Fact]
    public void A_decoded_token_allocates_nothing()
    {
        using var source = RandomModels.Of(RandomModels.Small);
        foreach (var packing in new[] { Packing.F32, Packing.F16, Packing.Q80, Packing.Q40 })
        {
            using var model = source.Repacked(packing);
            using var decoder = new Decoder(model, new(Threads: 2));
            var sampler = new Sampler(new(0.8, 20, 0.9), model.Shape.Vocabulary, 3);
            var token = sampler.Draw(decoder.Append(1, 2, 3));
            for (var i = 0; i < 10; i++) token = sampler.Draw(decoder.Append(token));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 40; i++) token = sampler.Draw(decoder.Append(token));
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void What_cannot_be_is_said()
    {
        using var model = RandomModels.Of(RandomModels.Small);
        using var decoder = new Decoder(model, new(Context: 8));
        string Refused(Func<object?> action) => Assert.Throws<HarnessException>(action).Message;
        Assert.Equal("A context of 65 is not possible; this model allows 1 to 64.", Refused(() => new Decoder(model, new(Context: 65))));
        Assert.Equal("0 threads cannot compute; give at least 1.", Refused(() => new Decoder(model, new(Threads: 0))));
        Assert.Equal("Token 96 is not in the vocabulary of 96.", Refused(() => decoder.Append(96).Length));
        Assert.Equal("There are no tokens to append; give at least one.", Refused(() => decoder.Append().Length));
        decoder.Append(1, 2, 3, 4, 5, 6);
        Assert.Equal("3 tokens do not fit: the context holds 8, of which 6 are taken.", Refused(() => decoder.Append(1, 2, 3).Length));
    }
}
