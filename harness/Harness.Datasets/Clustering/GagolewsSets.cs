using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Clustering;

/// <summary>
/// Gagolewski's benchmark suite for clustering, version 1.1: the sets of up to 400 kB of its batteries fcps, graves, other, sipu, uci and
/// wut. Points are numbers separated by blanks; each reference is a list of labels from 1 on, 0 for noise. Several sets have more than one
/// reference, all equally right.
/// </summary>
public static class GagolewsSets
{
    public static IReadOnlyList<ReferencePoints> All { get; } = [.. Listing.Read("gagolews.tsv").Select(Create)];

    static ReferencePoints Create(string[] row)
    {
        var (set, points, dimensions, clusters) = (row[0], Listing.Whole(row[1]), row[2], Listing.Whole(row[3]));
        var references = row.Skip(6).Select((field, k) => field.Split(':') is var parts
            ? new DataFile($"clustering-gagolews/{set}.labels{k}", Listing.Long(parts[0]), "sha256:" + parts[1]) : null!).ToArray();
        var card = new DatasetCard($"gagolews-{set.Replace('/', '-').Replace('_', '-').ToLowerInvariant()}", 1,
            $"{set} of Gagolewski's suite")
        {
            Licence = "the benchmark: AGPL-3.0; each set: see its description there",
            Citation = "Gagolewski: A framework for benchmarking clustering algorithms, SoftwareX 20, 2022 (clustering-data-v1.1)",
            Encoding = $"float64 [{dimensions} dimension], no unit; {references.Length} reference labeling(s)",
            SplitRule = ReferencePoints.SplitRule,
            Classes = clusters,
            Metrics = ["adjusted-rand-index@1"],
            Tolerance = references.Length > 1 ? "the best score over all reference labelings counts" : null,
            Counts = ReferencePoints.Counts(points),
            Files = [new($"clustering-gagolews/{set}.data", Listing.Long(row[4]), "sha256:" + row[5]), .. references],
        };
        return new(card, cache => Read(cache, card.Files));
    }

    static IEnumerable<LabeledPoint> Read(DirectoryInfo cache, IReadOnlyList<DataFile> files)
    {
        var points = Numbers(cache, files[0]);
        var labels = files.Skip(1).Select(file => Labels(cache, file, points.Count)).ToArray();
        for (var i = 0; i < points.Count; i++)
            yield return new(points[i], labels[0][i]) { OtherLabels = labels.Skip(1).Select(reference => reference[i]).ToArray() };
    }

    static List<double[]> Numbers(DirectoryInfo cache, DataFile file)
    {
        var path = FileStore.Require(cache, file);
        using var text = path.OpenText();
        return Table.Numbers(text, path.FullName, separator: null);
    }

    static int[] Labels(DirectoryInfo cache, DataFile file, int count)
    {
        var rows = Numbers(cache, file);
        if (rows.Count != count || rows.Exists(row => row.Length != 1 || row[0] < 0 || row[0] != Math.Floor(row[0]) || row[0] > count))
            throw new DataFormatException(file.Name, $"it is not a list of {count} labels from 0 on");
        return [.. rows.Select(row => row[0] == 0 ? LabeledPoint.Noise : (int)row[0] - 1)];
    }
}
