using Harness.Datasets.Clustering;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Clustering;

public sealed class ReferenceSetTests
{
    // All counts by numpy from the same files.
    [Fact]
    public async Task Hepta_has_212_points_in_7_classes()
    {
        var points = await Read(GagolewsSets.All, "gagolews-fcps-hepta");
        Assert.Equal(212, points.Count);
        Assert.Equal([32, 30, 30, 30, 30, 30, 30],
            points.CountBy(point => point.Label).OrderBy(count => count.Key).Select(count => count.Value));
        double[] sums = [3.268549, 7.246858, -7.552789];
        for (var axis = 0; axis < 3; axis++) Assert.Equal(sums[axis], points.Sum(point => point.Coordinates.Span[axis]), 5);
    }

    [Theory]
    [InlineData("gagolews-fcps-target", 770, 2, 12)]
    [InlineData("gagolews-graves-fuzzyx", 1000, 5, 138)]
    [InlineData("gagolews-sipu-compound", 399, 5, 0)]
    public async Task Further_references_come_with_every_point_and_0_is_noise(string id, int count, int references, int noiseInSecond)
    {
        var points = await Read(GagolewsSets.All, id);
        Assert.Equal(count, points.Count);
        Assert.All(points, point => Assert.Equal(references - 1, point.OtherLabels.Length));
        Assert.Equal(noiseInSecond, points.Count(point => point.OtherLabels.Span[0] == LabeledPoint.Noise));
        Assert.All(points, point => Assert.True((point with { Label = -1 }).OtherLabels.IsEmpty));
    }

    [Fact]
    public async Task Noise_of_a_first_reference_is_no_class()
    {
        var points = await Read(GagolewsSets.All, "gagolews-other-hdbscan");
        Assert.Equal((2309, 510), (points.Count, points.Count(point => point.Label == LabeledPoint.Noise)));
    }

    [Fact]
    public async Task Every_listed_set_has_the_points_and_classes_of_its_card()
    {
        foreach (var set in GagolewsSets.All.Concat(DericSets.All).Concat(ToySets.All))
        {
            var points = set.Read(await RealFiles.FetchAsync(set), Split.Test).ToList();
            Assert.Equal((set.Card.Id, set.Card.Counts[Split.Test]), (set.Card.Id, points.Count));
            Assert.Equal((set.Card.Id, set.Card.Classes),
                (set.Card.Id, points.Select(point => point.Label).Where(label => label != LabeledPoint.Noise).Distinct().Count()));
        }
    }

    // Counts of classes and sums of pixels, of all rows and of the upper 14, by numpy from the same files.
    [Theory]
    [InlineData("mnist-10k", 264_923_200, 124_370_204, new[] { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 })]
    [InlineData("mnist-5k", 131_511_279, 61_752_910, new[] { 451, 591, 501, 511, 480, 458, 499, 519, 466, 524 })]
    public async Task Images_of_mnist_are_points_of_784_pixels(string id, double ink, double upper, int[] classes)
    {
        var points = await Read(ImagePoints.All, id);
        Assert.Equal(classes, points.CountBy(point => point.Label).OrderBy(count => count.Key).Select(count => count.Value));
        Assert.Equal(ink, 255 * points.Sum(point => point.Coordinates.ToArray().Sum()), 1);
        Assert.Equal(upper, 255 * points.Sum(point => point.Coordinates[..392].ToArray().Sum()), 1);
    }

    // As scikit-learn loads them.
    [Fact]
    public async Task The_toy_sets_are_those_of_scikit_learn()
    {
        var iris = await Read(ToySets.All, "iris");
        Assert.Equal([50, 50, 50], iris.CountBy(point => point.Label).OrderBy(count => count.Key).Select(count => count.Value));
        Assert.Equal([876.5, 458.6, 563.7, 179.9], Enumerable.Range(0, 4)
            .Select(axis => Math.Round(iris.Sum(point => point.Coordinates.Span[axis]), 6)));
        var digits = await Read(ToySets.All, "digits");
        Assert.Equal(561_718, digits.Sum(point => point.Coordinates.ToArray().Sum()));
    }

    [Fact]
    public async Task Scatterplots_are_64_without_labels()
    {
        var set = new Scatterplots();
        var plots = set.Read(await RealFiles.FetchAsync(set), Split.Test).ToList();
        Assert.Equal(64, plots.Count);
        Assert.All(plots, plot => Assert.InRange(plot.Points.Count, 150, 5000));
    }

    [Fact]
    public void Points_come_in_an_order_that_does_not_tell_classes_and_is_always_the_same()
    {
        var set = new ReferencePoints(new("x", 1, "x") { Licence = "", Citation = "", Encoding = "", SplitRule = "" },
            _ => Enumerable.Range(0, 100).Select(i => new LabeledPoint(new double[] { i }, i / 50)));
        var labels = set.Read(null!, Split.Train).Select(point => point.Label).ToList();
        Assert.Equal(labels, set.Read(null!, Split.Test).Select(point => point.Label));
        Assert.InRange(labels.Take(50).Sum(), 10, 40);
    }

    [Fact]
    public void An_ARFF_table_gives_points_and_noise()
    {
        var table = Arff.Parse(new StringReader("""
            % made by hand
            @RELATION 'two words'
            @attribute x NUMERIC
            @attribute "y z" real
            @ATTRIBUTE class {a,'b c',noise}
            @DATA
            1.5, -2e1 ,a
            0,0,'b c'
            3,4,noise
            """), "x.arff");
        Assert.Equal(["x", "y z", "class"], table.Attributes.Select(attribute => attribute.Name));
        var points = DericSets.Points(table, "x.arff");
        Assert.Equal([0, 1, LabeledPoint.Noise], points.Select(point => point.Label));
        Assert.Equal([1.5, -20], points[0].Coordinates.ToArray());
    }

    [Theory]
    [InlineData("@data\n1,2", "line 2 has 2 values for 0 attributes")]
    [InlineData("@attribute a date\n@data", "an attribute of type 'date'")]
    [InlineData("@attribute a {x\n@data", "a list of values without an end")]
    [InlineData("@attribute a numeric\n@data\n{0 1}", "a sparse row")]
    [InlineData("@attribute a numeric\n@data\n'1", "a quote without an end")]
    [InlineData("@attribute a numeric", "it has no @data")]
    [InlineData("hello", "neither a relation, an attribute, data nor a comment")]
    public void An_ARFF_table_that_cannot_be_read_is_named(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Arff.Parse(new StringReader(text), "x.arff")).Message);

    static async Task<List<LabeledPoint>> Read(IEnumerable<ReferencePoints> sets, string id)
    {
        var set = sets.Single(set => set.Card.Id == id);
        return [.. set.Read(await RealFiles.FetchAsync(set), Split.Test)];
    }
}
