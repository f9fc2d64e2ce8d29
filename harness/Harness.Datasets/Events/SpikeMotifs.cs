using System.Globalization;

namespace Harness.Datasets.Events;

/// <summary>
/// Motifs of spikes in noise: a class is an order in which pairs of channels fire, one pair every other step. Each channel fires once in
/// the motif, in its step or the next, and a fixed number of times at random. So neither counts of a channel nor what fires at one time
/// say anything of the class: a network must bring spikes of different times together.
/// </summary>
public sealed class SpikeMotifs : IDataset<FrameSequence>
{
    const ulong ClassSeed = 4;
    const int ChannelsTogether = 2;
    const int Spacing = 2;

    readonly byte[][] _offsets;
    readonly int _steps;
    readonly int _noise;

    /// <param name="channels">As many as a motif has steps; even.</param>
    /// <param name="steps">Of a recording; the motif begins anywhere in it.</param>
    /// <param name="noise">Spikes of each channel that belong to no motif.</param>
    SpikeMotifs(string id, int channels, int classes, int steps, int noise, int train, int validation, int test)
    {
        (_steps, _noise) = (steps, noise);
        var chance = new Chance(ClassSeed);
        _offsets = [.. Enumerable.Range(0, classes).Select(_ => Offsets(channels, chance))];
        Card = new(id, 1, string.Create(CultureInfo.InvariantCulture, $"Motifs of {channels} channels in noise"))
        {
            Licence = "generated: no licence needed",
            Citation = "this harness; after Izhikevich: Polychronization, Neural Computation 2006",
            Encoding = string.Create(CultureInfo.InvariantCulture, $"uint8 [{steps} step, {channels} channel], spikes in a step; in each "
                + $"recording every channel has {noise + 1} spikes: one of the motif, at its offset or a step later, and {noise} anywhere"),
            SplitRule = "generated: each split is a stream of its own, SplitMix64 seeds 1 (train), 2 (validation), 3 (test); the classes' "
                + $"orders of {channels / ChannelsTogether} pairs from seed {ClassSeed}",
            Classes = classes,
            Axes = [new("step", steps), new("channel", channels)],
            Metrics = ["accuracy@1"],
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
        };
    }

    /// <summary>20 channels, 10 classes, 50 steps.</summary>
    public static SpikeMotifs Of20 { get; } = new("spike-motifs", 20, 10, 50, noise: 1, train: 2000, validation: 500, test: 2000);

    public DatasetCard Card { get; }

    int Channels => _offsets[0].Length;

    /// <summary>Nothing is fetched: the recordings are computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<FrameSequence> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        for (var made = 0; made < Card.Counts[split]; made++) yield return Record(chance.Below(Card.Classes), chance);
    }

    FrameSequence Record(int label, Chance chance)
    {
        var values = new byte[_steps * Channels];
        var onset = chance.Below(_steps - Channels + 1);
        for (var channel = 0; channel < Channels; channel++)
        {
            values[(onset + _offsets[label][channel] + chance.Below(Spacing)) * Channels + channel]++;
            for (var spike = 0; spike < _noise; spike++) values[chance.Below(_steps) * Channels + channel]++;
        }
        return new(values, _steps, Channels, label);
    }

    static byte[] Offsets(int channels, Chance chance)
    {
        byte[] order = [.. Enumerable.Range(0, channels / ChannelsTogether).Select(place => (byte)place)];
        chance.Shuffle(order.AsSpan());
        return [.. Enumerable.Range(0, channels).Select(channel => (byte)(Spacing * order[channel / ChannelsTogether]))];
    }
}
