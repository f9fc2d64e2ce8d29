namespace Harness.Datasets.Clustering;

/// <summary>
/// Tasks of five classes and fifteen queries a class, drawn from images whose pixels are the features: no network was trained, so all ten
/// classes are new to a method. It stands beside the published protocols on mini-ImageNet and others, whose features cannot be had.
/// </summary>
public sealed class FewShotTasks : IDataset<FewShotTask>
{
    const int Classes = 5, Queries = 15;

    // Before the tasks themselves, which look at it.
    static IReadOnlyDictionary<Split, int> Tasks { get; } =
        new Dictionary<Split, int> { [Split.Train] = 50, [Split.Validation] = 100, [Split.Test] = 600 };

    readonly IDataset<LabeledImage> _images;
    readonly int _shots;

    FewShotTasks(IDataset<LabeledImage> images, int shots)
    {
        (_images, _shots) = (images, shots);
        var source = images.Card;
        Card = new($"{source.Id}-few-shot-{shots}", 1, $"Five classes from {shots} of each, {source.Title}")
        {
            Licence = source.Licence,
            Citation = source.Citation,
            Encoding = "float32 [80 or 100 point, 784 feature], intensity 0..1, support first",
            SplitRule = "tasks drawn with SplitMix64 (train 1, validation 2, test 3): classes without repeats, images without repeats in a "
                + $"task; train and validation from the training and validation part of {source.Protocol}, test from its test set",
            Classes = Classes,
            Counts = Tasks,
            Files = source.Files,
            Metrics = ["task-accuracy@1"],
            Parameters = new Dictionary<string, string>
            {
                ["ways"] = $"{Classes}", ["shots"] = $"{shots}", ["queries"] = $"{Queries}", ["features"] = "pixels",
            },
        };
    }

    public static FewShotTasks MnistOneShot { get; } = new(new Mnist(), 1);
    public static FewShotTasks MnistFiveShot { get; } = new(new Mnist(), 5);
    public static FewShotTasks FashionOneShot { get; } = new(new FashionMnist(), 1);
    public static FewShotTasks FashionFiveShot { get; } = new(new FashionMnist(), 5);

    public static IReadOnlyList<FewShotTasks> All { get; } = [MnistOneShot, MnistFiveShot, FashionOneShot, FashionFiveShot];

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _images.FetchAsync(cache, cancellation);

    public IEnumerable<FewShotTask> Read(DirectoryInfo cache, Split split)
    {
        // Images that several tasks share are converted once, those of no task never.
        var classes = _images.Read(cache, split).GroupBy(image => image.Label, image => new Lazy<ReadOnlyMemory<float>>(
            () => Features(image.Pixels.Span))).OrderBy(images => images.Key).Select(images => images.ToArray()).ToArray();
        var chance = new Chance((ulong)split + 1);
        return Enumerable.Range(0, Tasks[split]).Select(_ => Draw(classes, chance));
    }

    static ReadOnlyMemory<float> Features(ReadOnlySpan<byte> pixels)
    {
        var features = new float[pixels.Length];
        for (var at = 0; at < features.Length; at++) features[at] = pixels[at] / 255f;
        return features;
    }

    FewShotTask Draw(Lazy<ReadOnlyMemory<float>>[][] classes, Chance chance)
    {
        var images = Pick(classes.Length, Classes, chance).Select(one => Pick(classes[one].Length, _shots + Queries, chance)
            .Select(image => classes[one][image].Value).ToArray()).ToArray();
        return new([.. images.SelectMany(own => own[.._shots]), .. images.SelectMany(own => own[_shots..])],
            [.. Enumerable.Range(0, Classes * _shots).Select(at => at / _shots)],
            [.. Enumerable.Range(0, Classes * Queries).Select(at => at / Queries)]);
    }

    static int[] Pick(int of, int count, Chance chance)
    {
        var all = Enumerable.Range(0, of).ToArray();
        for (var at = 0; at < count; at++)
        {
            var other = at + chance.Below(of - at);
            (all[at], all[other]) = (all[other], all[at]);
        }
        return all[..count];
    }
}
