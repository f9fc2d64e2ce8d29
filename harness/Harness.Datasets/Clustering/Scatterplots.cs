using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Clustering;

/// <summary>A set of points without reference, axes [point, 2]: what people saw when they were asked how clear its clusters are.</summary>
public sealed record Scatterplot(string Name, IReadOnlyList<double[]> Points);

/// <summary>The 64 scatterplots of the CLAMS study of cluster ambiguity; the answers people gave are not published.</summary>
public sealed class Scatterplots : IDataset<Scatterplot>
{
    public DatasetCard Card { get; } = new("clams-scatterplots", 1, "Scatterplots of a study of cluster ambiguity")
    {
        Licence = "none stated",
        Citation = "Jeon et al.: CLAMS: a cluster ambiguity measure for estimating perceptual variability in visual clustering, IEEE VIS "
            + "2023",
        Encoding = "float64 [point, 2 dimension], no unit",
        SplitRule = "test: all 64 plots by name; no training or validation part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 0, [Split.Validation] = 0, [Split.Test] = 64 },
        Files = [new("clams-scatterplots/clams-main-study-stimuli-64.zip", 1_001_502,
            "sha256:7f304240e16e3afb178a3409a2671ed83f22ed43528172e8e7e0a8bc63840339")],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<Scatterplot> Read(DirectoryInfo cache, Split split) => split != Split.Test ? []
        : Archive.Files(FileStore.Require(cache, Card.Files[0]), name => name.EndsWith(".csv", StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal).Select(Parse);

    /// <exception cref="DataFormatException">A row is not two numbers.</exception>
    internal static Scatterplot Parse(ArchivedFile file)
    {
        using var text = new StreamReader(new MemoryStream(file.Content));
        var isHeader = file.Content.Length > 0 && char.IsAsciiLetter((char)file.Content[0]);
        var points = Table.Numbers(text, file.Name, ',', skip: isHeader ? 1 : 0);
        return points.TrueForAll(point => point.Length == 2) ? new(Path.GetFileNameWithoutExtension(file.Name), points)
            : throw new DataFormatException(file.Name, $"its rows have {points[0].Length} numbers where 2 are expected");
    }
}
