using Harness.Datasets.Places;
using Suites.PlaceRecognition.Matching;
using Suites.PlaceRecognition.Metrics;

namespace Suites.PlaceRecognition.Tests;

public sealed class MatchingTests
{
    // numpy.random.RandomState(5).randint(0, 256, (16, 24)).
    static readonly byte[] Image =
    [
        99, 206, 239, 189, 230, 118, 144, 73, 8, 228, 231, 190, 155, 112, 158, 208, 7, 204, 143, 113, 181, 231, 80, 27, 44, 205, 203,
        65, 175, 30, 212, 86, 125, 146, 254, 121, 137, 106, 41, 233, 190, 129, 210, 103, 144, 206, 5, 58, 0, 208, 132, 110, 164, 105,
        179, 27, 31, 2, 68, 38, 105, 211, 147, 18, 113, 245, 135, 100, 108, 109, 158, 190, 11, 235, 67, 124, 193, 183, 131, 91, 78, 155,
        157, 33, 217, 85, 135, 16, 94, 14, 218, 31, 9, 38, 47, 144, 133, 162, 173, 187, 152, 141, 118, 235, 232, 31, 32, 76, 172, 133,
        142, 175, 94, 82, 128, 231, 135, 214, 251, 16, 64, 8, 218, 44, 126, 165, 94, 203, 133, 233, 150, 180, 69, 210, 188, 91, 29, 216,
        120, 225, 220, 207, 70, 35, 111, 20, 177, 255, 72, 160, 210, 13, 220, 251, 239, 146, 52, 81, 22, 58, 211, 116, 235, 92, 211,
        177, 4, 82, 243, 36, 169, 20, 160, 10, 31, 15, 124, 22, 70, 137, 63, 94, 14, 194, 122, 57, 147, 192, 8, 136, 251, 121, 199, 12,
        148, 59, 200, 202, 214, 252, 200, 160, 143, 110, 197, 35, 190, 235, 171, 100, 0, 130, 130, 241, 219, 193, 173, 215, 255, 1, 151,
        178, 86, 19, 54, 152, 192, 77, 73, 129, 9, 64, 104, 151, 167, 121, 196, 239, 209, 91, 36, 114, 97, 87, 69, 252, 164, 146, 34,
        30, 77, 97, 114, 35, 29, 1, 82, 20, 233, 128, 113, 162, 206, 179, 158, 40, 74, 197, 250, 79, 181, 116, 147, 174, 154, 249, 85,
        217, 246, 57, 229, 145, 94, 113, 192, 156, 136, 125, 142, 192, 31, 173, 133, 154, 169, 211, 28, 203, 35, 240, 211, 183, 3, 23,
        131, 95, 2, 54, 221, 166, 146, 111, 199, 192, 163, 124, 119, 37, 1, 158, 91, 159, 93, 134, 251, 7, 35, 78, 253, 137, 7, 217,
        218, 231, 54, 159, 102, 14, 4, 106, 213, 202, 68, 96, 112, 209, 124, 229, 67, 207, 17, 215, 240, 11, 158, 154, 249, 136, 51, 61,
        84, 180, 74, 254, 25, 137, 238, 246, 159, 39, 105, 59, 22, 80, 58, 172, 252, 143, 231, 15, 95, 77, 209, 227,
    ];

    static readonly double[] First =
        [0.19592, 0.16864, 0.10042, 0.13439, 0.22119, 0.04496, 0.08035, 0.12721, 0.13953, 0.22119, 0.18396, 0.22119];
    static readonly double[] Last = [0.11448, 0.20569, 0.08788, 0.08569, 0.14079, 0.0885];

    // scikit-image 0.19.3: hog(orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2), block_norm='L2-Hys').
    [Fact]
    public void Histograms_of_gradients_are_those_of_scikit_image()
    {
        var found = Descriptors.Gradients(new(Image, 16, 24, 0, "summer", 0), cell: 8);
        Assert.Equal(72, found.Length);
        Assert.Equal(11.27443, found.Sum(), 1e-4);
        for (var at = 0; at < First.Length; at++) Assert.Equal(First[at], found[at], 2e-5);
        for (var at = 0; at < Last.Length; at++) Assert.Equal(Last[at], found[^(Last.Length - at)], 2e-5);
    }

    [Fact]
    public void Sums_over_lanes_are_sums()
    {
        var (a, b) = (new float[37], new float[37]);
        for (var at = 0; at < 37; at++) (a[at], b[at]) = (at % 7 - 3, at % 5 - 2);
        Assert.Equal(-a.Zip(b, (x, y) => Math.Abs(x - y)).Average(), ReferenceMap.Differences(a, b), 1e-6);
        var dot = a.Zip(b, (x, y) => (double)x * y).Sum();
        Assert.Equal(dot / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y)), ReferenceMap.Cosine(a, b), 1e-6);
        Assert.Equal(0, ReferenceMap.Cosine(new float[5], new float[5]));
    }

    [Fact]
    public void A_query_of_another_size_is_refused()
    {
        using var map = new ReferenceMap([new(new byte[64], 8, 8, 0, "summer", 0)], Descriptors.Floats, ReferenceMap.Differences);
        var error = Assert.Throws<HarnessException>(() => map.Predict([new(new byte[128], 8, 16, -1, "winter", -1)]));
        Assert.Contains("8 × 16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_within_the_tolerance_count()
    {
        PlaceImage query = new(new byte[1], 1, 1, 7, "winter", 0) { Tolerance = 1 };
        Assert.Equal(1, Total(new RecallAt(1), query, new([8, 3], 1)));
        Assert.Equal(0, Total(new RecallAt(1), query, new([9, 7], 1)));
        Assert.Equal(1, Total(new RecallAt(5), query, new([9, 7], 1)));
        Assert.Equal(0, Total(new RecallAt(5), query with { Tolerance = 0 }, new([8, 6], 1)));
        Assert.Equal(0, Total(new RecallAt(5), query, new([], 0)));
    }

    // sklearn.metrics.average_precision_score of scikit-learn 1.2.1.
    [Fact]
    public void The_area_is_average_precision_over_all_queries()
    {
        var tally = new PrecisionRecallArea().Begin();
        foreach (var (right, certainty) in new[] { (1, 0.9), (0, 0.8), (1, 0.8), (1, 0.7), (0, 0.6), (0, 0.5), (1, 0.4), (0, 0.3) })
            tally.Add(new(new byte[1], 1, 1, 1, "winter", 0), new([right], certainty));
        // Of eight queries four are right: the area reaches 1 only where all are.
        Assert.Equal(0.7470238095238095 * 4 / 8, tally.Total(), 1e-9);
    }

    static double Total(RecallAt metric, PlaceImage query, PlacePrediction prediction)
    {
        var tally = metric.Begin();
        tally.Add(query, prediction);
        return tally.Total();
    }
}
