using Harness.Datasets.Clustering;
using Suites.Clustering.Ambiguity;

namespace Suites.Clustering.Metrics;

/// <summary>Whether plots that a family calls unclear are those about which algorithms disagree: a correlation of ranks.</summary>
public sealed record EnsembleCorrelation : IMetric<Scatterplot, AmbiguityPrediction>
{
    public MetricCard Card { get; } = new("ensemble-disagreement-correlation", 1, "Rank correlation with algorithms' disagreement", "1",
        Direction.Higher)
    {
        Definition = "Spearman's correlation, over plots, of the ambiguity with the mean of 1 - adjusted Rand index over all pairs of ten "
            + "algorithms: k-means, Gaussian mixture, spectral, Ward, average and complete linkage at the number of clusters, 2 to 8, of "
            + "the largest silhouette, and HDBSCAN*, mean-shift, X-means, G-means; of plots of more than 1000 points every so manyth. Of "
            + "algorithms, not of people.",
        Source = "Jeon et al., IEEE VIS 2023, compare their measure with such ensembles",
    };

    public ITally<Scatterplot, AmbiguityPrediction> Begin() => new Tally();

    sealed class Tally : ITally<Scatterplot, AmbiguityPrediction>
    {
        readonly List<double> _ambiguities = [];
        readonly List<Scatterplot> _plots = [];

        public void Add(Scatterplot sample, AmbiguityPrediction prediction)
        {
            _plots.Add(sample);
            _ambiguities.Add(prediction.Ambiguity);
        }

        /// <summary>NaN of fewer than two plots, or where all are alike.</summary>
        public double Total()
        {
            var disagreements = new double[_plots.Count];
            Parallel.For(0, _plots.Count, at => disagreements[at] = Ensemble.Disagreement(_plots[at]));
            return RankCorrelation.Of(_ambiguities, disagreements);
        }
    }
}
