using Harness.Datasets;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Bench;

/// <summary>One test as llama-bench defines them: a prompt is read, or tokens are made one by one, after some tokens in the
/// cache.</summary>
/// <param name="Prompt">Tokens read at once; 0 in a test of making.</param>
/// <param name="Generate">Tokens made; 0 in a test of reading.</param>
/// <param name="Depth">Tokens in the cache before, not timed.</param>
public sealed record SpeedTest(int Prompt, int Generate, int Depth)
{
    public int Tokens => Prompt + Generate;
}

/// <summary>Times of a test, in nanoseconds.</summary>
/// <param name="Samples">Of each repetition as a whole.</param>
/// <param name="PerToken">Of each token made, over all repetitions.</param>
/// <param name="Emitted">Tokens of the last repetition: what was timed was made.</param>
/// <param name="EmittedBytes">UTF-8 bytes they stand for.</param>
public sealed record SpeedResult(SpeedTest Test, IReadOnlyList<long> Samples, IReadOnlyList<long> PerToken, IReadOnlyList<int> Emitted,
    int EmittedBytes)
{
    public IEnumerable<double> TokensPerSecond => Samples.Select(nanoseconds => Test.Tokens * 1e9 / nanoseconds);

    /// <summary>Of the times per token, type 7; null where none was made.</summary>
    public double? QuantileOrNull(double share)
    {
        if (PerToken.Count == 0) return null;
        var sorted = PerToken.Order().ToList();
        var position = (sorted.Count - 1) * share;
        var below = (int)position;
        return sorted[below] + (position - below) * (sorted[Math.Min(below + 1, sorted.Count - 1)] - sorted[below]);
    }
}

/// <summary>Runs speed tests on one decoder. Prompts are random tokens.</summary>
/// <param name="sampling">How tokens are made. The most likely ones of random weights soon go round in a circle.</param>
public sealed class SpeedBench(LanguageModel model, Decoder decoder, TimeProvider time, Sampling sampling)
{
    const ulong Seed = 1;

    /// <exception cref="HarnessException">The test does not fit into the context.</exception>
    public SpeedResult Run(SpeedTest test, int repetitions, CancellationToken cancellation)
    {
        if (test.Depth + test.Tokens + 1 > decoder.Context)
            throw new HarnessException($"{test.Depth + test.Tokens + 1} tokens do not fit into a context of {decoder.Context}.");
        var (samples, tokens, emitted) = (new List<long>(), new List<long>(), new List<int>(test.Generate));
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            cancellation.ThrowIfCancellationRequested();
            samples.Add(Once(test, tokens, emitted));
        }
        return new(test, samples, tokens, emitted, emitted.Sum(token => model.Tokenizer.Bytes(token).Length));
    }

    long Once(SpeedTest test, List<long>? perToken, List<int> emitted)
    {
        var chance = new Chance(Seed);
        int[] before = Draw(test.Depth + (test.Prompt == 0 ? 1 : 0), chance), prompt = Draw(test.Prompt, chance);
        var sampler = new Sampler(sampling, model.Shape.Vocabulary, Seed);
        emitted.Clear();
        decoder.Reset();
        var token = before.Length > 0 ? sampler.Draw(decoder.Append(before)) : 0;
        var total = 0L;
        if (prompt.Length > 0)
        {
            var start = time.GetTimestamp();
            token = sampler.Draw(decoder.Append(prompt));
            total += Since(start);
        }
        for (var made = 0; made < test.Generate; made++)
        {
            var start = time.GetTimestamp();
            token = sampler.Draw(decoder.Append(token));
            var nanoseconds = Since(start);
            total += nanoseconds;
            perToken?.Add(nanoseconds);
            emitted.Add(token);
        }
        return total;
    }

    int[] Draw(int count, Chance chance) => [.. Enumerable.Range(0, count).Select(_ => chance.Below(model.Shape.Vocabulary))];

    long Since(long start) => (long)time.GetElapsedTime(start).TotalNanoseconds;
}
