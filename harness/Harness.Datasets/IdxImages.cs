using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets;

/// <summary>What MNIST and the sets of its shape share: four IDX files, and a validation part carved from training.</summary>
sealed class IdxImages(DatasetCard card, string? package)
{
    const int ValidationSize = 5000;
    const ulong ValidationSeed = 1;

    public static string SplitRule { get; } =
        $"official test set; validation: {ValidationSize} of the official training set, stratified by class, seed {ValidationSeed}; "
        + "train: the rest";

    public static Dictionary<Split, int> Counts { get; } = new()
    {
        [Split.Train] = 60_000 - ValidationSize, [Split.Validation] = ValidationSize, [Split.Test] = 10_000,
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(card.Files, cache, cancellation, package);

    public IEnumerable<LabeledImage> Read(DirectoryInfo cache, Split split)
    {
        var first = split == Split.Test ? 2 : 0;
        var images = Idx.Read(FileStore.Require(cache, card.Files[first]), rank: 3);
        var labels = Idx.Read(FileStore.Require(cache, card.Files[first + 1]), rank: 1);
        if (images.Shape[0] != labels.Shape[0])
            throw new DataFormatException(card.Files[first].Name, $"{images.Shape[0]} images but {labels.Shape[0]} labels");
        var (rows, columns) = (images.Shape[1], images.Shape[2]);
        return Indices(split, labels.Values.Span).Select(index => new LabeledImage(
            images.Values.Slice(index * rows * columns, rows * columns), 1, rows, columns, labels.Values.Span[index]));
    }

    static int[] Indices(Split split, ReadOnlySpan<byte> labels)
    {
        int[] all = [.. Enumerable.Range(0, labels.Length)];
        if (split == Split.Test) return all;
        var validation = StratifiedSplit.Validation(labels, ValidationSize, ValidationSeed);
        if (split == Split.Validation) return validation;
        foreach (var index in validation) all[index] = -1;
        return Array.FindAll(all, index => index >= 0);
    }
}
