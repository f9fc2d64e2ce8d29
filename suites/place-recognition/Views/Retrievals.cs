using System.Globalization;
using Harness.Datasets.Formats;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Metrics;

namespace Suites.PlaceRecognition.Views;

/// <summary>Pictures of queries: the surest that were wrong, and the surest that were right.</summary>
static class Retrievals
{
    const int Wrong = 6, Right = 3;
    const int Zoom = 4;

    public static IReadOnlyList<Picture> Draw(IReadOnlyList<PlaceImage> queries, IReadOnlyList<PlacePrediction> predictions)
    {
        var byPlace = queries.GroupBy(query => query.Label).ToDictionary(group => group.Key, group => group.First());
        var answered = queries.Zip(predictions).Where(pair => pair.Second.Places.Count > 0)
            .OrderByDescending(pair => pair.Second.Certainty).ThenBy(pair => pair.First.Label).ToArray();
        return
        [
            .. answered.Where(pair => !IsRight(pair)).Take(Wrong).Select((pair, index) => Of($"wrong-{index + 1}.png", pair, byPlace)),
            .. answered.Where(IsRight).Take(Right).Select((pair, index) => Of($"right-{index + 1}.png", pair, byPlace)),
        ];
    }

    static bool IsRight((PlaceImage Query, PlacePrediction Answer) pair) => RecallAt.Right(pair.Query, pair.Answer.Places[0]);

    static Picture Of(string name, (PlaceImage Query, PlacePrediction Answer) pair, Dictionary<int, PlaceImage> byPlace)
    {
        var (query, answer) = (pair.Query, pair.Answer.Places[0]);
        var image = byPlace.GetValueOrDefault(answer);
        var (height, width, gap) = (query.Height * Zoom, query.Width * Zoom, Zoom);
        var pixels = new byte[height * (2 * width + gap)];
        Array.Fill(pixels, byte.MaxValue);
        Paint(query, 0);
        if (image is not null) Paint(image, width + gap);
        var caption = string.Create(CultureInfo.InvariantCulture, $"Left: place {query.Label}, {query.Season}. Answer: place {answer}, "
            + $"certainty {pair.Answer.Certainty:G3}{(IsRight(pair) ? ", right" : "")}. ")
            + (image is null ? "No query shows the answered place." : $"Right: the answered place in the same season, {image.Season}.");
        return new(name, caption, 2 * width + gap, height) { Content = new RasterImage(pixels, 1, height, 2 * width + gap).EncodePng() };

        void Paint(PlaceImage source, int left)
        {
            for (var row = 0; row < source.Height * Zoom; row++)
                for (var column = 0; column < source.Width * Zoom; column++)
                    pixels[row * (2 * width + gap) + left + column] = source.Pixels.Span[row / Zoom * source.Width + column / Zoom];
        }
    }
}
