using System.Globalization;

namespace Harness.Datasets.Signals;

/// <summary>
/// Running parity: whether an odd number of ones stands at a position or before it. No sequence is in two parts, so that what was learned
/// by heart does not help to the end.
/// </summary>
public sealed class GeneratedParity : IDataset<BitSequence>
{
    const ulong OrderSeed = 5;

    readonly int _length;

    GeneratedParity(int length, int train, int validation, int test)
    {
        _length = length;
        Card = new(string.Create(CultureInfo.InvariantCulture, $"parity-{length}"), 1, $"Running parity of {length} bits")
        {
            Licence = "generated: no licence needed",
            Citation = "this harness; after Darlow et al.: Continuous thought machines, 2025, whose sequences have 64 bits",
            Encoding = $"uint8 [{length} position], bits 0 or 1; targets [{length} position], the sum of the bits up to there, modulo 2",
            SplitRule = string.Create(CultureInfo.InvariantCulture, $"generated: the {1 << length} sequences in a random order (SplitMix64 "
                + $"seed {OrderSeed}), the first {train} for training, then {validation} for validation and {test} for test"),
            Axes = [new("position", length)],
            Metrics = ["bit-accuracy@1", "sequence-accuracy@1"],
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
        };
    }

    public static GeneratedParity Of8 { get; } = new(8, train: 160, validation: 32, test: 64);

    public static GeneratedParity Of12 { get; } = new(12, train: 3072, validation: 256, test: 768);

    public static IReadOnlyList<GeneratedParity> All { get; } = [Of8, Of12];

    public DatasetCard Card { get; }

    /// <summary>Nothing is fetched: the sequences are computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<BitSequence> Read(DirectoryInfo cache, Split split)
    {
        int[] order = [.. Enumerable.Range(0, 1 << _length)];
        new Chance(OrderSeed).Shuffle(order.AsSpan());
        var first = split switch
        {
            Split.Train => 0, Split.Validation => Card.Counts[Split.Train], _ => Card.Counts[Split.Train] + Card.Counts[Split.Validation],
        };
        return order.Skip(first).Take(Card.Counts[split]).Select(Sequence);
    }

    BitSequence Sequence(int number)
    {
        var (bits, targets, parity) = (new byte[_length], new byte[_length], 0);
        for (var position = 0; position < _length; position++)
        {
            bits[position] = (byte)(number >> position & 1);
            targets[position] = (byte)(parity ^= bits[position]);
        }
        return new(bits, targets);
    }
}
