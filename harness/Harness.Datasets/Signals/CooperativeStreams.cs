using System.Globalization;

namespace Harness.Datasets.Signals;

/// <summary>
/// Two streams, as of a voice and of the lips that it comes from: what they share is what is asked for, and each has a distractor of its
/// own, which looks the same. Which of the streams is clean changes all the time.
/// </summary>
public sealed class CooperativeStreams : IDataset<SignalSeries>
{
    const ulong MixingSeed = 6;
    const int Sources = 4, Steps = 40, Segment = 10, Washout = 5;
    const double Memory = 0.9, Noise = 0.1, LeastDecibels = -10, MostDecibels = 10;

    /// <summary>Channels of each stream.</summary>
    public const int OfStream = 16;

    /// <summary>[stream][channel, source].</summary>
    readonly double[][] _mixing;

    CooperativeStreams(string id, int train, int validation, int test)
    {
        var chance = new Chance(MixingSeed);
        _mixing = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, OfStream * Sources)
            .Select(_ => chance.Normal() / Math.Sqrt(Sources)).ToArray())];
        Card = new(id, 1, "Two cooperating streams in noise")
        {
            Licence = "generated: no licence needed",
            Citation = "this harness; in place of the audio-visual speech of Adeel et al.: Context-sensitive neocortical neurons "
                + "transform the effectiveness and efficiency of neural information processing, 2022",
            Encoding = string.Create(CultureInfo.InvariantCulture, $"float64 [{Steps} step, {2 * OfStream} channel], the first "
                + $"{OfStream} of one stream, the others of the other; targets [{Steps} step, {Sources} output]: what "
                + $"both share"),
            SplitRule = "generated: each split is a stream of its own, SplitMix64 seeds 1 (train), 2 (validation), 3 (test); the mixing of "
                + $"each stream from seed {MixingSeed}; the first {Washout} steps are not scored",
            StandIn = true,
            Axes = [new("step", Steps), new("channel", 2 * OfStream)],
            Metrics = ["nrmse@1"],
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
            Parameters = new Dictionary<string, string>
            {
                ["sources"] = string.Create(CultureInfo.InvariantCulture, $"{Sources} shared, {Sources} in each stream that distract, each "
                    + $"x' = {Memory} x + normal noise, of variance 1; both pass through the same mixing"),
                ["signal to distractor"] = string.Create(CultureInfo.InvariantCulture,
                    $"{LeastDecibels} to {MostDecibels} dB, drawn anew for each stream every {Segment} steps"),
                ["sensor noise"] = Noise.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    public static CooperativeStreams Synthetic { get; } = new("cooperative-streams-synthetic", train: 400, validation: 60, test: 100);

    public DatasetCard Card { get; }

    /// <summary>Nothing is fetched: the series are computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<SignalSeries> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        for (var made = 0; made < Card.Counts[split]; made++) yield return Series(chance);
    }

    SignalSeries Series(Chance chance)
    {
        var shared = Walk(chance);
        var inputs = new double[Steps * 2 * OfStream];
        for (var stream = 0; stream < 2; stream++)
        {
            var (distractor, gain) = (Walk(chance), 0.0);
            for (var step = 0; step < Steps; step++)
            {
                if (step % Segment == 0)
                    gain = Math.Pow(10, -(LeastDecibels + (MostDecibels - LeastDecibels) * chance.Unit()) / 20);
                for (var channel = 0; channel < OfStream; channel++)
                {
                    var sum = Noise * chance.Normal();
                    for (var source = 0; source < Sources; source++)
                        sum += _mixing[stream][channel * Sources + source]
                            * (shared[step * Sources + source] + gain * distractor[step * Sources + source]);
                    inputs[(step * 2 + stream) * OfStream + channel] = sum;
                }
            }
        }
        return new(inputs, shared, Sources, Washout) { Channels = 2 * OfStream };
    }

    // [step, source], from the stationary distribution on.
    static double[] Walk(Chance chance)
    {
        var values = new double[Steps * Sources];
        for (var at = 0; at < values.Length; at++)
            values[at] = at < Sources ? chance.Normal()
                : Memory * values[at - Sources] + Math.Sqrt(1 - Memory * Memory) * chance.Normal();
        return values;
    }
}
