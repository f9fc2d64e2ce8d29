using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Datasets.Places;

namespace Suites.PlaceRecognition.Matching;

/// <summary>Compares a query with the descriptor of every place that was seen.</summary>
sealed class ReferenceMap : IModel<PlaceImage, PlacePrediction>
{
    readonly IReadOnlyList<(int Place, float[] Descriptor)> places;
    readonly Func<PlaceImage, float[]> describe;
    readonly Comparison compare;
    readonly int most;

    /// <param name="describe">An image's descriptor.</param>
    /// <param name="compare">How alike two descriptors are, larger being more so.</param>
    public ReferenceMap(IReadOnlyList<PlaceImage> reference, Func<PlaceImage, float[]> describe, Comparison compare)
    {
        if (reference.Count == 0) throw new TrainingFailedException("There is no image of any place; a map needs at least one.");
        (this.describe, this.compare) = (describe, compare);
        places = [.. reference.Select(image => (image.Label, describe(image)))];
        most = places.Max(place => place.Place) + 1;
    }

    public Footprint Footprint => new(0, places.Sum(place => (long)place.Descriptor.Length * sizeof(float)), 0);

    public IReadOnlyList<PlacePrediction> Predict(IReadOnlyList<PlaceImage> batch) => [.. batch.Select(Find)];

    PlacePrediction Find(PlaceImage query)
    {
        var (descriptor, scores) = (describe(query), new double[most]);
        Array.Fill(scores, double.NegativeInfinity);
        foreach (var (place, seen) in places)
        {
            if (seen.Length != descriptor.Length)
                throw new HarnessException($"A query of {query.Height} × {query.Width} pixels has {descriptor.Length} numbers, but the "
                    + $"map was made of images with {seen.Length}; give all images one size.");
            var score = compare(descriptor, seen);
            if (score > scores[place]) scores[place] = score;
        }
        return PlacePrediction.Of(scores);
    }

    /// <summary>One multiplication or difference for each number of each descriptor.</summary>
    public OperationCounts Count(IReadOnlyList<PlaceImage> batch)
    {
        double work = places.Sum(place => (long)place.Descriptor.Length);
        return new([new("comparison", "matching", work, 0, work) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }

    public delegate double Comparison(ReadOnlySpan<float> query, ReadOnlySpan<float> seen);

    /// <summary>Minus the mean absolute difference.</summary>
    public static double Differences(ReadOnlySpan<float> query, ReadOnlySpan<float> seen) =>
        -Distance(query, seen) / query.Length;

    public static double Cosine(ReadOnlySpan<float> query, ReadOnlySpan<float> seen)
    {
        var lengths = Products.Dot(query, query) * Products.Dot(seen, seen);
        return lengths == 0 ? 0 : Products.Dot(query, seen) / Math.Sqrt(lengths);
    }

    static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(a);
        var y = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var lane = 0; lane < x.Length; lane++) sums += Vector.Abs(x[lane] - y[lane]);
        double sum = Vector.Sum(sums);
        for (var rest = x.Length * Vector<float>.Count; rest < a.Length; rest++) sum += Math.Abs(a[rest] - b[rest]);
        return sum;
    }
}
