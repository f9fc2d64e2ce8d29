using Harness.Datasets.Places;

namespace Suites.PlaceRecognition.Metrics;

/// <summary>
/// Area under precision and recall as answers are taken from the surest to the least sure: average precision, without interpolation.
/// </summary>
public sealed record PrecisionRecallArea : IMetric<PlaceImage, PlacePrediction>
{
    public MetricCard Card => new("precision-recall-area", 1, "Area under precision and recall", "1", Direction.Higher)
    {
        Definition = "Mean over all queries of the precision among the queries that are at least as sure, counted where the query's first "
            + "answer is right, else 0; equally sure queries are taken together.",
        Source = "Zaffar et al.: VPR-Bench, IJCV 2021; Davis and Goadrich, ICML 2006",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<PlaceImage, PlacePrediction> Begin() => new Tally();

    sealed class Tally : ITally<PlaceImage, PlacePrediction>
    {
        readonly List<(double Certainty, bool Right)> answers = [];

        public void Add(PlaceImage sample, PlacePrediction prediction) =>
            answers.Add((prediction.Certainty, prediction.Places.Count > 0 && RecallAt.Right(sample, prediction.Places[0])));

        public double Total()
        {
            var (taken, right, sum) = (0, 0, 0.0);
            foreach (var together in answers.GroupBy(answer => answer.Certainty).OrderByDescending(group => group.Key))
            {
                var found = together.Count(answer => answer.Right);
                (taken, right) = (taken + together.Count(), right + found);
                sum += found * (double)right / taken;
            }
            return sum / answers.Count;
        }
    }
}
