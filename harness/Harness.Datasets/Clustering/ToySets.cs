using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Clustering;

/// <summary>The small labelled sets that ship with scikit-learn, used as points with reference clusters; columns are not scaled.</summary>
public static class ToySets
{
    public static ReferencePoints Iris { get; } = Create("iris", "Iris flowers", 150, 4, 3, "cm", "Fisher 1936", hasHeader: true,
        new("sklearn/iris.csv", 2734, "sha256:f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449", Address + "iris.csv"));

    public static ReferencePoints Wine { get; } = Create("wine", "Chemistry of wines", 178, 13, 3, "mixed units", "Forina et al. 1991",
        hasHeader: true,
        new("sklearn/wine_data.csv", 11_157, "sha256:10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede", Address
            + "wine_data.csv"));

    public static ReferencePoints BreastCancer { get; } = Create("breast-cancer", "Cell nuclei of breast tumours", 569, 30, 2,
        "mixed units",
        "Street, Wolberg, Mangasarian 1993", hasHeader: true,
        new("sklearn/breast_cancer.csv", 119_913, "sha256:fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed", Address
            + "breast_cancer.csv"));

    public static ReferencePoints Digits { get; } = Create("digits", "Digits of 8 × 8 pixels", 1797, 64, 10, "ink 0..16",
        "Alpaydin, Kaynak 1998", hasHeader: false,
        new("sklearn/digits.csv", 264_712, "sha256:6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8", Address
            + "digits.csv.gz"));

    public static IReadOnlyList<ReferencePoints> All { get; } = [Iris, Wine, BreastCancer, Digits];

    const string Address = "https://raw.githubusercontent.com/scikit-learn/scikit-learn/1.2.1/sklearn/datasets/data/";

    static ReferencePoints Create(string id, string title, int points, int dimensions, int classes, string unit, string source,
        bool hasHeader, DataFile file) =>
        new(new(id, 1, title)
        {
            Licence = "BSD-3-Clause (scikit-learn); data: UCI, CC BY 4.0",
            Citation = source + ", as scikit-learn 1.2.1 ships it",
            Encoding = $"float64 [{dimensions} dimension], {unit}, not scaled",
            SplitRule = ReferencePoints.SplitRule,
            Classes = classes,
            Metrics = ["adjusted-rand-index@1"],
            Counts = ReferencePoints.Counts(points),
            Files = [file],
        }, cache => Read(FileStore.Require(cache, file), hasHeader ? 1 : 0));

    // Rows of coordinates, the class last; a header holds counts and class names.
    static IEnumerable<LabeledPoint> Read(FileInfo file, int skip)
    {
        using var text = file.OpenText();
        foreach (var row in Table.Numbers(text, file.FullName, ',', skip)) yield return new(row.AsMemory(0, row.Length - 1), (int)row[^1]);
    }
}
