using System.Globalization;

namespace Harness.Datasets.Events;

/// <summary>
/// Spoken digits 1-9 as spikes, each with images of MNIST: which image shows the digit that is heard? Training has pairs of seven digits;
/// the test part asks about these seven, and about the two that training never had.
/// </summary>
public sealed class SpokenMnist : IDataset<SoundWithImages>
{
    const int Choices = 10;

    readonly BinnedEvents _sounds;
    readonly IDataset<LabeledImage> _images;
    readonly int[] _unseen;

    /// <param name="sounds">Their labels are the digits.</param>
    /// <param name="unseen">Two digits of 1-9.</param>
    public SpokenMnist(BinnedEvents sounds, IDataset<LabeledImage> images, int number, IReadOnlyList<int> unseen)
    {
        (_sounds, _images, _unseen) = (sounds, images, [.. unseen.Order()]);
        var left = string.Join(" and ", _unseen);
        Card = sounds.Card with
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"spoken-mnist-like-{number:D2}"),
            Title = $"Spoken digits and images, {left} never learned",
            Licence = $"{sounds.Card.Licence}; images: {images.Card.Licence}",
            Citation = $"{sounds.Card.Citation}; images: {images.Card.Citation}",
            Encoding = $"sound: {sounds.Card.Encoding}; images: {images.Card.Encoding}",
            SplitRule = $"sounds: {sounds.Card.SplitRule}; digits 1-9, in training and validation without {left}; every sound of training "
                + "with one image of its digit, every other with one of each of the seven digits or of each of the two, all drawn from the "
                + "same part of the images",
            Classes = 9,
            Axes = null,
            Counts = new Dictionary<Split, int>(),
            Files = [.. sounds.Card.Files, .. images.Card.Files],
            VariantOf = null,
            Metrics = ["seen-retrieval@1", "unseen-retrieval@1"],
            Roles = $"unseen classes: {left}",
        };
    }

    /// <summary>Ten choices of two digits: 8 and 9 as published, the others drawn.</summary>
    public static IReadOnlyList<SpokenMnist> All { get; } =
        [.. Pairs().Select((unseen, index) => new SpokenMnist(BinnedEvents.StepByStep[1], new Mnist(), index + 1, unseen))];

    public DatasetCard Card { get; }

    public async ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation)
    {
        await _sounds.FetchAsync(cache, cancellation);
        await _images.FetchAsync(cache, cancellation);
    }

    public IEnumerable<SoundWithImages> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        var images = _images.Read(cache, split).GroupBy(image => image.Label)
            .ToDictionary(digit => digit.Key, digit => digit.ToArray());
        int[] seen = [.. Enumerable.Range(1, 9).Except(_unseen)];
        foreach (var sound in _sounds.Read(cache, split))
        {
            var known = seen.Contains(sound.Label);
            if (split == Split.Train && known)
                yield return new(sound, [One(sound.Label)], 0, true);
            else if (split != Split.Train && (known || split == Split.Test && _unseen.Contains(sound.Label)))
                yield return Asked(sound, known ? seen : _unseen, known);
        }

        LabeledImage One(int digit) => images[digit][chance.Below(images[digit].Length)];

        SoundWithImages Asked(FrameSequence sound, int[] digits, bool known)
        {
            // The right one must not be known by its place.
            var order = (int[])digits.Clone();
            chance.Shuffle(order.AsSpan());
            return new(sound, [.. order.Select(One)], Array.IndexOf(order, sound.Label), known);
        }
    }

    static IEnumerable<int[]> Pairs()
    {
        int[][] all = [.. Enumerable.Range(1, 8).SelectMany(first => Enumerable.Range(first + 1, 9 - first).Select(second =>
            new[] { first, second })).Where(pair => pair is not [8, 9])];
        new Chance(1).Shuffle(all.AsSpan());
        return all.Take(Choices - 1).Prepend([8, 9]);
    }
}
