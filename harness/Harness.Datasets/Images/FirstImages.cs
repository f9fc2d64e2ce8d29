using System.Globalization;

namespace Harness.Datasets.Images;

/// <summary>The first so many images of each part of another set, for models that take seconds an image.</summary>
public sealed class FirstImages : IDataset<LabeledImage>
{
    readonly IDataset<LabeledImage> _source;

    FirstImages(IDataset<LabeledImage> source, string id, int train, int validation, int test)
    {
        _source = source;
        Card = source.Card with
        {
            Id = id,
            Title = string.Create(CultureInfo.InvariantCulture, $"{source.Card.Title}, the first {train} and {test}"),
            SplitRule = string.Create(CultureInfo.InvariantCulture, $"the first {train} (train), {validation} (validation) and {test} "
                + $"(test) of: {source.Card.SplitRule}"),
            VariantOf = source.Card.Protocol,
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
        };
    }

    /// <summary>5000 digits to learn from, 500 to choose by, 1500 to be asked.</summary>
    public static FirstImages Mnist { get; } = new(new Mnist(), "mnist-5000", 5000, 500, 1500);

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _source.FetchAsync(cache, cancellation);

    public IEnumerable<LabeledImage> Read(DirectoryInfo cache, Split split) => _source.Read(cache, split).Take(Card.Counts[split]);
}
