using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests;

public sealed class PointCloudTests
{
    static readonly DirectoryInfo Nowhere = new("/nonexistent");

    public static TheoryData<string> Ids => [.. All.Select(cloud => cloud.Card.Id)];

    static PointClouds[] All { get; } = [PointClouds.Blobs, PointClouds.UnequalBlobs, PointClouds.Moons, PointClouds.Rings];

    // By a second implementation of generator and shapes in Python with numpy.
    [Theory]
    [InlineData("blobs", "413331122444", 1.2041323036483738, -4.348343850007541, 25072.47579889441)]
    [InlineData("blobs-unequal", "423334442430", 2.2405684918510285, -5.010794289900394, 40218.69632342426)]
    [InlineData("moons", "111010101001", 0.3062532713879014, -0.333952574090779, 1310.1946151673094)]
    [InlineData("rings", "001001001000", 0.4505678198176911, 0.810931386996868, 3632.051783633425)]
    public void The_points_are_those_of_an_independent_implementation(string id, string labels, double x, double y, double squares)
    {
        var points = Read(id, Split.Test);
        Assert.Equal(labels, string.Concat(points.Take(12).Select(point => point.Label)));
        Assert.Equal(x, points[0].Coordinates.Span[0], 1e-12);
        Assert.Equal(y, points[0].Coordinates.Span[1], 1e-12);
        Assert.Equal(squares, points.Sum(point => point.Coordinates.ToArray().Sum(value => value * value)), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_split_holds_the_same_points_every_time(string id)
    {
        var first = Read(id, Split.Train).Select(Text).ToList();
        foreach (var split in Enum.GetValues<Split>()) Assert.Equal(first, Read(id, split).Select(Text));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Points_and_classes_are_as_many_as_the_card_says(string id)
    {
        var cloud = All.Single(cloud => cloud.Card.Id == id);
        var row = await DatasetVerification.OfAsync(cloud, Nowhere, TestContext.Current.CancellationToken);
        Assert.Equal((HashState.Generated, null), (row.Hashes, row.Problem));
        Assert.Equal(Enumerable.Range(0, cloud.Card.Classes), Read(id, Split.Test).Select(point => point.Label).Distinct().Order());
    }

    [Fact]
    public void Unequal_blobs_have_the_sizes_they_promise() => Assert.Equal([50, 100, 200, 350, 800],
        Read("blobs-unequal", Split.Test).CountBy(point => point.Label).OrderBy(entry => entry.Key).Select(entry => entry.Value));

    [Fact]
    public void Rings_lie_where_they_promise()
    {
        foreach (var ring in Read("rings", Split.Test).GroupBy(point => point.Label, Radius))
            Assert.Equal(ring.Key == 0 ? 1 : 2.5, ring.Average(), 0.025); // five standard errors of 500 draws with deviation 0.1

        static double Radius(LabeledPoint point) => Math.Sqrt(point.Coordinates.ToArray().Sum(value => value * value));
    }

    static string Text(LabeledPoint point) => $"{point.Coordinates.Span[0]:R} {point.Coordinates.Span[1]:R} {point.Label}";

    static List<LabeledPoint> Read(string id, Split split) => [.. All.Single(cloud => cloud.Card.Id == id).Read(Nowhere, split)];
}
