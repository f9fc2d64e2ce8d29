using Harness.Testing;
using Suites.LlmEdge.Bench;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Tests.Bench;

public sealed class LoadGeneratorTests
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(4), Rest = TimeSpan.FromMilliseconds(6);

    readonly ManualTime _time = new();

    [Fact]
    public void A_single_stream_asks_when_it_was_answered()
    {
        var times = Run(new(LoadScenario.SingleStream, 3, 8, 4));
        Assert.Equal([0, 10, 20], times.Select(query => query.Due.TotalMilliseconds));
        Assert.All(times, query => Assert.Equal((10, 4, 2),
            (query.Latency.TotalMilliseconds, query.ToFirstToken.TotalMilliseconds, query.PerToken.TotalMilliseconds)));
    }

    [Fact]
    public void Offline_all_queries_are_there_from_the_start() => Assert.Equal([10, 20, 30],
        Run(new(LoadScenario.Offline, 3, 8, 4)).Select(query => query.Latency.TotalMilliseconds));

    /// <summary>Answers of one length to queries at random: a queue M/D/1, whose mean wait is known (Pollaczek and Khinchine).</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void Waiting_at_a_server_is_that_of_the_theory_of_queues(double busy)
    {
        var service = (First + Rest).TotalSeconds;
        var times = Run(new(LoadScenario.Server, 40_000, 8, 4, busy / service));
        Assert.Equal(40_000 / (busy / service), times[^1].Due.TotalSeconds, 0.03 * times[^1].Due.TotalSeconds);
        var expected = busy * service / (2 * (1 - busy));
        Assert.Equal(expected, times.Average(query => query.Latency.TotalSeconds) - service, 0.06 * expected);
    }

    [Fact]
    public void A_server_is_asked_at_the_same_times_again_with_the_same_seed()
    {
        TimeSpan[] Dues(int seed) => [.. Run(new(LoadScenario.Server, 20, 8, 4, 50, seed)).Select(query => query.Due)];
        Assert.Equal(Dues(1), Dues(1));
        Assert.NotEqual(Dues(1), Dues(2));
    }

    [Fact]
    public void Answers_are_the_tokens_the_model_finds_most_likely()
    {
        using var model = RandomModel.Of(new("llama", 300, 64, 64, 64, 2, 4, 2), Packing.Q80, 1);
        using var decoder = new Decoder(model, new());
        var server = new DecoderServer(model, decoder, new(LoadScenario.Offline, 5, 8, 4));
        var called = 0;
        Assert.Equal(4, server.Answer(0, () => called++));
        Assert.Equal((1, 4L), (called, server.Emitted));
        Assert.Contains("do not fit into a context of 64", Assert.Throws<HarnessException>(() =>
            new DecoderServer(model, decoder, new(LoadScenario.Offline, 5, 60, 5))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 queries asks nothing", LoadScenario.Offline, 0, 8, 4, 0)]
    [InlineData("A query of 0 tokens", LoadScenario.Offline, 1, 0, 4, 0)]
    [InlineData("An answer of 0 tokens", LoadScenario.Offline, 1, 8, 0, 0)]
    [InlineData("at 0 a second", LoadScenario.Server, 1, 8, 4, 0)]
    public void A_load_that_cannot_be_is_refused(string problem, LoadScenario scenario, int queries, int prompt, int generate,
        double rate) =>
        Assert.Contains(problem, Assert.Throws<HarnessException>(() => Run(new(scenario, queries, prompt, generate, rate))).Message,
            StringComparison.Ordinal);

    IReadOnlyList<QueryTimes> Run(LoadTest test) => new LoadGenerator(_time, _time.Advance).Run(test, (_, firstToken) =>
    {
        _time.Advance(First);
        firstToken();
        _time.Advance(Rest);
        return test.Generate;
    }, TestContext.Current.CancellationToken);
}
