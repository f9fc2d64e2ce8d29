using System.Globalization;
using Harness.Datasets.Places;

namespace Suites.PlaceRecognition.Metrics;

/// <summary>Share of queries whose place, within the protocol's tolerance, is among the first so many answers.</summary>
public sealed record RecallAt(int Answers) : IMetric<PlaceImage, PlacePrediction>
{
    public MetricCard Card => new(string.Create(CultureInfo.InvariantCulture, $"recall-at-{Answers}"), 1,
        string.Create(CultureInfo.InvariantCulture, $"Recall at {Answers}"), "share", Direction.Higher)
    {
        Definition = string.Create(CultureInfo.InvariantCulture, $"Queries one of whose first {Answers} answers is within the protocol's "
            + $"tolerance of the place, divided by all queries.") + (Answers == 1
            ? " As every query has a place, it is also the precision at 100 % recall: every answer is taken." : ""),
        Source = "Zaffar et al.: VPR-Bench, IJCV 2021",
        Interval = IntervalRule.Wilson,
    };

    public ITally<PlaceImage, PlacePrediction> Begin() => Tally.Share<PlaceImage, PlacePrediction>((query, prediction) =>
        prediction.Places.Take(Answers).Any(place => Right(query, place)));

    /// <summary>Whether a place is near enough to that of a query.</summary>
    internal static bool Right(PlaceImage query, int place) => Math.Abs(place - query.Label) <= query.Tolerance;

    /// <summary>Share of images whose first answer is right; null of none.</summary>
    internal static double? First(IModel<PlaceImage, PlacePrediction> model, IReadOnlyList<PlaceImage> images) => images.Count == 0 ? null
        : model.Predict(images).Zip(images).Count(pair => Right(pair.Second, pair.First.Places[0])) / (double)images.Count;
}
