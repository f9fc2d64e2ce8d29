using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Ambiguity;

/// <summary>
/// CLAMS (Jeon, Quadri, Lee, Rosen, Szafir and Seo, IEEE VIS 2023) with a surrogate for its regression: the mean entropy of the answers
/// to the question whether two components of a plot are one cluster, over pairs that anybody would ask it of.
/// </summary>
/// <param name="least">Pairs that are no neighbours are asked of where P(single) is above this.</param>
sealed class ClusterAmbiguity(ValleySurrogate surrogate, double least)
{
    const double Certain = 1e-5;

    /// <exception cref="HarnessException">The plot has no points, one is not finite, or has other than two coordinates.</exception>
    public AmbiguityPrediction Of(Scatterplot plot, Chance chance, CancellationToken cancellation)
    {
        var points = StandardPlot.Of(plot.Name, plot.Points);
        var mixture = ComponentSearch.Best(points, chance, cancellation);
        if (mixture.Components == 1) return new(0, 1, []);
        var labels = Draw(points, mixture, chance);
        var means = new PointTable(mixture.Means, mixture.Components, 2);
        JudgedPair[] pairs =
        [
            .. from one in Enumerable.Range(0, mixture.Components)
               from other in Enumerable.Range(one + 1, mixture.Components - one - 1)
               let single = surrogate.Single(mixture, one, other)
               where single > least || GabrielGraph.AreNeighbors(means, one, other)
               select new JudgedPair(one, other, single, Features(points, mixture, labels, one, other)),
        ];
        return new(pairs.Average(pair => Entropy(pair.Single)), mixture.Components, pairs);
    }

    /// <summary>In bits, of an answer that is yes with this probability.</summary>
    internal static double Entropy(double yes)
    {
        var share = Math.Clamp(yes, Certain, 1 - Certain);
        return -share * Math.Log2(share) - (1 - share) * Math.Log2(1 - share);
    }

    // A component for each point, drawn by the probabilities of the mixture.
    static int[] Draw(PointTable points, GaussianMixture mixture, Chance chance)
    {
        var expectation = new Expectation(points.Axes(), points.Count, mixture);
        var labels = new int[points.Count];
        for (var first = 0; first < points.Count; first += Expectation.Stretch)
        {
            var count = Math.Min(Expectation.Stretch, points.Count - first);
            expectation.Run(first, count);
            for (var at = 0; at < count; at++)
            {
                var (draw, component) = (chance.Unit(), 0);
                while (component < mixture.Components - 1
                    && (draw -= expectation.Responsibilities[component * Expectation.Stretch + at]) >= 0) component++;
                labels[first + at] = component;
            }
        }
        return labels;
    }

    static PairFeatures Features(PointTable points, GaussianMixture mixture, int[] labels, int one, int other)
    {
        var (low, range) = Scale(points, [.. Enumerable.Range(0, labels.Length).Where(at => labels[at] == one || labels[at] == other)]);
        return PairFeatures.Of(Shape(one), Shape(other));

        ComponentShape Shape(int component) => ComponentShape.Of(mixture.Means.AsSpan(2 * component, 2),
            mixture.Covariances.AsSpan(4 * component, 4), labels.Count(label => label == component)).Scaled(low, range);
    }

    // The larger range of both axes, and where it begins. Of no points or equal ones there is nothing to scale by.
    static (double Low, double Range) Scale(PointTable points, int[] own)
    {
        if (own.Length == 0) return (0, 1);
        var axes = Enumerable.Range(0, 2).Select(axis => own.Select(at => points[at][axis]).ToArray())
            .Select(values => (Low: values.Min(), Range: values.Max() - values.Min())).ToArray();
        var (low, range) = axes[0].Range > axes[1].Range ? axes[0] : axes[1];
        return (low, range > 0 ? range : 1);
    }
}
