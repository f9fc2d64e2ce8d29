using Harness.Testing;
using Suites.LlmEdge.Bench;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Bench;

public sealed class SpeedBenchTests : IDisposable
{
    static readonly ModelShape Shape = new("llama", 300, 64, 64, 64, 2, 4, 2);

    readonly LanguageModel _model = RandomModel.Of(Shape, Packing.Q80, 1);
    readonly ManualTime _time = new() { PerLook = TimeSpan.FromMilliseconds(3) };

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_prompt_is_one_time_and_every_token_made_is_one()
    {
        var read = Run(new(20, 0, 5), 3);
        Assert.Equal([3_000_000, 3_000_000, 3_000_000], read.Samples);
        Assert.Equal((0, null), (read.PerToken.Count, read.QuantileOrNull(0.5)));
        Assert.All(read.TokensPerSecond, rate => Assert.Equal(20 / 0.003, rate, 1e-6));
        var made = Run(new(0, 7, 5), 2);
        Assert.Equal([21_000_000, 21_000_000], made.Samples);
        Assert.Equal((14, 3e6), (made.PerToken.Count, made.QuantileOrNull(0.99)));
    }

    [Fact]
    public void Tokens_made_are_those_the_model_finds_most_likely()
    {
        var made = Run(new(0, 6, 4), 1);
        using var decoder = new Decoder(_model, new());
        // The bench draws its prompt from seed 1 as well: 4 tokens of depth and one to begin from.
        var chance = new Harness.Datasets.Chance(1);
        int[] prompt = [.. Enumerable.Range(0, 5).Select(_ => chance.Below(300))];
        var greedy = new Sampler(Sampling.Greedy, 300, 1);
        var token = greedy.Draw(decoder.Append(prompt));
        foreach (var emitted in made.Emitted) Assert.Equal(token = greedy.Draw(decoder.Append(token)), emitted);
        Assert.Equal(made.Emitted.Sum(id => _model.Tokenizer.Bytes(id).Length), made.EmittedBytes);
    }

    [Fact]
    public void A_test_longer_than_the_context_is_refused() =>
        Assert.Contains("do not fit into a context of 64", Assert.Throws<HarnessException>(() => Run(new(60, 0, 9), 1)).Message);

    [Fact]
    public void A_random_model_says_what_it_is_and_survives_its_file()
    {
        Assert.Equal("random-weights", _model.Name);
        var file = new FileInfo(Path.GetTempFileName());
        GgufWriter.Write(_model, file);
        using (var back = LanguageModel.Open(file))
            Assert.Equal(("random-weights", _model.Bytes, "w299"), (back.Name, back.Bytes, back.Tokenizer.Decode([299]).Trim()));
        file.Delete();
        Assert.Contains("give at least 259",
            Assert.Throws<HarnessException>(() => RandomModel.Of(Shape with { Vocabulary = 99 }, Packing.F32, 1)).Message);
    }

    SpeedResult Run(SpeedTest test, int repetitions)
    {
        using var decoder = new Decoder(_model, new());
        return new SpeedBench(_model, decoder, _time, Sampling.Greedy).Run(test, repetitions, TestContext.Current.CancellationToken);
    }
}
