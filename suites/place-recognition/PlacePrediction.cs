namespace Suites.PlaceRecognition;

/// <summary>Places that a query may show, the likeliest first, at most <see cref="Most"/>.</summary>
/// <param name="Certainty">How sure the first is; comparable between queries of one model only.</param>
public sealed record PlacePrediction(IReadOnlyList<int> Places, double Certainty)
{
    public const int Most = 20;

    /// <summary>Of scores, [place], larger being likelier; equal ones in the order of the route. Certainty: lead over the second.</summary>
    internal static PlacePrediction Of(ReadOnlySpan<double> scores)
    {
        var given = scores.ToArray();
        int[] best = [.. Enumerable.Range(0, given.Length).OrderByDescending(place => given[place]).Take(Most)];
        return new(best, best.Length < 2 ? 0 : given[best[0]] - given[best[1]]);
    }
}
