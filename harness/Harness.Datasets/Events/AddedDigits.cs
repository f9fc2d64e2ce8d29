
namespace Harness.Datasets.Events;

/// <summary>
/// SHD-Adding (Spieler et al. 2023): two spoken digits in a row, the second shifted by one second; the class is the sum of the two digits,
/// whatever the language, 0..18. Pairs are drawn from one part of the source each, so that nobody speaks in two parts who did not before.
/// </summary>
public sealed class AddedDigits : IDataset<EventSample>
{
    const int DigitMicroseconds = 1_000_000;

    readonly IDataset<EventSample> _source;

    /// <param name="source">Spoken digits whose label modulo 10 is the digit.</param>
    public AddedDigits(IDataset<EventSample> source, string id, int train, int validation, int test)
    {
        _source = source;
        Card = source.Card with
        {
            Id = id,
            Title = $"Sums of two digits, from: {source.Card.Title}",
            Citation = "Spieler, Rahaman, Martius, Schölkopf, Levina: The ELM neuron, ICLR 2024 (SHD-Adding); " + source.Card.Citation,
            Encoding = source.Card.Encoding + "; two digits of 1 s each",
            SplitRule = "pairs drawn with SplitMix64, seeds 1 (train), 2 (validation), 3 (test), from the same part of the source: "
                + source.Card.SplitRule,
            Classes = 19,
            VariantOf = source.Card.Protocol,
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
            Parameters = new Dictionary<string, string>(source.Card.Parameters ?? new Dictionary<string, string>())
            {
                ["digit"] = $"cut off after {DigitMicroseconds} µs",
            },
        };
    }

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _source.FetchAsync(cache, cancellation);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split)
    {
        var digits = _source.Read(cache, split).ToArray();
        if (digits.Length == 0) yield break;
        var chance = Chance.Of(split);
        for (var i = 0; i < Card.Counts[split]; i++)
            yield return Join(digits[chance.Below(digits.Length)], digits[chance.Below(digits.Length)]);
    }

    static EventSample Join(EventSample first, EventSample second)
    {
        var events = new List<Event>(first.Events.Length + second.Events.Length);
        foreach (var item in first.Events.Span)
            if (item.Microseconds < DigitMicroseconds) events.Add(item);
        foreach (var item in second.Events.Span)
            if (item.Microseconds < DigitMicroseconds) events.Add(new(item.Microseconds + DigitMicroseconds, item.Address, item.Rising));
        return new(events.ToArray(), first.Geometry, first.Label % 10 + second.Label % 10);
    }
}
