using Harness.Datasets.Places;

namespace Suites.PlaceRecognition.Matching;

/// <summary>Matches sequences with a route; where a sequence or the route begins, with what there is of it.</summary>
sealed class SequenceMap : IModel<PlaceImage, PlacePrediction>
{
    const double SpeedStep = 0.1;

    readonly int patch, length, neighbours;
    readonly double[] speeds;
    // [place]: one image or one of each season.
    readonly float[][][] places;

    public SequenceMap(IReadOnlyList<PlaceImage> reference, int patch, int length, int neighbours, double slowest, double fastest)
    {
        if (reference.Count == 0) throw new TrainingFailedException("There is no image of any place; a map needs at least one.");
        (this.patch, this.length, this.neighbours) = (patch, length, neighbours);
        var steps = (int)Math.Floor((fastest - slowest) / SpeedStep + 1e-9);
        speeds = [.. Enumerable.Range(0, steps + 1).Select(step => slowest + step * SpeedStep)];
        var seen = reference.ToLookup(image => image.Label, image => Descriptors.Normalized(image, image.Height, image.Width, patch));
        places = [.. Enumerable.Range(0, reference.Max(image => image.Label) + 1).Select(place => seen[place].ToArray())];
    }

    public Footprint Footprint => new(0, places.Sum(place => place.Sum(image => (long)image.Length * sizeof(float))), 0);

    public IReadOnlyList<PlacePrediction> Predict(IReadOnlyList<PlaceImage> batch) => [.. batch.Select(Find)];

    PlacePrediction Find(PlaceImage query)
    {
        var rows = Used(query).Select(pixels => Enhanced(Differences(query with { Pixels = pixels }))).ToArray();
        var scores = new double[places.Length];
        for (var place = 0; place < scores.Length; place++) scores[place] = -speeds.Min(speed => Along(rows, place, speed));
        return PlacePrediction.Of(scores);
    }

    IEnumerable<ReadOnlyMemory<byte>> Used(PlaceImage query) => query.Before.Prepend(query.Pixels).Take(length);

    static double Along(double[][] rows, int place, double speed)
    {
        var (sum, count) = (0.0, 0);
        for (var back = 0; back < rows.Length; back++)
        {
            var at = place - (int)Math.Round(speed * back);
            if (at < 0 || double.IsInfinity(rows[back][at])) continue;
            sum += rows[back][at];
            count++;
        }
        // The place itself counts: where nothing is known of it, it is not the answer.
        return double.IsInfinity(rows[0][place]) ? double.PositiveInfinity : sum / count;
    }

    // The least of the images of a place; infinite where there is none.
    double[] Differences(PlaceImage image)
    {
        var view = Descriptors.Normalized(image, image.Height, image.Width, patch);
        return [.. places.Select(seen => seen.Length == 0 ? double.PositiveInfinity : seen.Min(reference =>
            reference.Length == view.Length ? -ReferenceMap.Differences(view, reference)
                : throw new HarnessException($"A query of {image.Height} × {image.Width} pixels has {view.Length} numbers, but the map "
                    + $"was made of images with {reference.Length}; give all images one size.")))];
    }

    double[] Enhanced(double[] differences)
    {
        if (neighbours == 0) return differences;
        var enhanced = new double[differences.Length];
        for (var place = 0; place < enhanced.Length; place++)
        {
            var around = differences[Math.Max(0, place - neighbours)..Math.Min(differences.Length, place + neighbours + 1)]
                .Where(double.IsFinite).ToArray();
            if (double.IsInfinity(differences[place]) || around.Length == 0)
            {
                enhanced[place] = double.PositiveInfinity;
                continue;
            }
            var mean = around.Average();
            var deviation = Math.Sqrt(around.Average(value => (value - mean) * (value - mean)));
            enhanced[place] = deviation > 0 ? (differences[place] - mean) / deviation : 0;
        }
        return enhanced;
    }

    /// <summary>One difference for each number of each image of the route and of the sequence.</summary>
    public OperationCounts Count(IReadOnlyList<PlaceImage> batch)
    {
        double all = places.Sum(place => place.Sum(image => (long)image.Length));
        var work = all * batch.Average(query => Used(query).Count());
        return new([new("comparison", "matching", work, 0, work) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }
}
