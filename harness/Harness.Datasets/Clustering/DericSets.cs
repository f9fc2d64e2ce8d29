using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Clustering;

/// <summary>
/// Barton's clustering benchmark: its ARFF files of up to 250 kB whose columns are numbers without gaps and whose last one is a class. A
/// class
/// named <c>noise</c> is noise. Files without a class, with words among the coordinates, or with missing values are not in the list.
/// </summary>
public static class DericSets
{
    public static IReadOnlyList<ReferencePoints> All { get; } = [.. Listing.Read("deric.tsv").Select(Create)];

    static ReferencePoints Create(string[] row)
    {
        var name = row[0].Split('/')[1];
        var file = new DataFile($"clustering-deric/{row[0]}.arff", Listing.Long(row[4]), "sha256:" + row[5],
            $"https://raw.githubusercontent.com/deric/clustering-benchmark/master/src/main/resources/datasets/{row[0]}.arff");
        return new(new($"deric-{name.Replace('_', '-').ToLowerInvariant()}", 1, $"{name} of Barton's benchmark")
        {
            Licence = "none stated; see the header of the file",
            Citation = "Barton: Clustering benchmarks, github.com/deric/clustering-benchmark; origin of the set: see the header of the "
                + "file",
            Encoding = $"float64 [{row[2]} dimension], no unit",
            SplitRule = ReferencePoints.SplitRule,
            Classes = Listing.Whole(row[3]),
            Metrics = ["adjusted-rand-index@1"],
            Counts = ReferencePoints.Counts(Listing.Whole(row[1])),
            Files = [file],
        }, cache => Read(FileStore.Require(cache, file)));
    }

    static IEnumerable<LabeledPoint> Read(FileInfo file)
    {
        using var text = file.OpenText();
        return Points(Arff.Parse(text, file.FullName), file.FullName);
    }

    /// <summary>Coordinates of all attributes but the last, which is the class.</summary>
    internal static List<LabeledPoint> Points(Arff table, string name)
    {
        if (table.Attributes.Count < 2 || table.Attributes.SkipLast(1).Any(attribute => !attribute.IsNumeric)
            || table.Attributes[^1].Values is not { } classes)
            throw new DataFormatException(name, "its attributes are not numbers followed by one class");
        var labels = new Dictionary<string, int>();
        foreach (var word in classes.Where(word => !word.Equals("noise", StringComparison.OrdinalIgnoreCase))) labels.TryAdd(word,
            labels.Count);
        return [.. table.Rows.Select(row => new LabeledPoint(row.SkipLast(1).Select(value => Table.Number(value, name)).ToArray(),
            labels.TryGetValue(row[^1], out var label) ? label
            : row[^1].Equals("noise", StringComparison.OrdinalIgnoreCase) ? LabeledPoint.Noise
            : throw new DataFormatException(name, $"the class '{row[^1]}' is not in its list")))];
    }
}
