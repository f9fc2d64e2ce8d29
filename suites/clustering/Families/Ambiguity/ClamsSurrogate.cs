using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Datasets.Clustering;
using Suites.Clustering.Ambiguity;

namespace Suites.Clustering.Families.Ambiguity;

/// <summary>
/// CLAMS without its regression, which was trained on unpublished answers of people: a closed form stands in. Nothing is learnt here.
/// </summary>
/// <param name="Middle">Where the density between two components falls to this share, P(single) is one half.</param>
/// <param name="Steepness">Of the step from one cluster to two.</param>
/// <param name="Least">Pairs that are no neighbours count where P(single) is above this; 0.05 as published.</param>
public sealed record ClamsSurrogate([property: Range(0.0, 1.0)] double Middle = 0.8,
    [property: Range(0.0, 1e6, MinimumIsExclusive = true)] double Steepness = 10, [property: Range(0.0, 1.0)] double Least = 0.05)
    : IModelFamily<Scatterplot, AmbiguityPrediction>
{
    public FamilyCard Card => new("clams-surrogate", 1, "CLAMS with a surrogate of its regression")
    {
        Kind = "classical",
        Summary = "How unclear the clusters of a scatterplot are, from the components of a Gaussian mixture; nobody was asked.",
        Paper = "Jeon, Quadri, Lee, Rosen, Szafir, Seo: CLAMS: a cluster ambiguity measure for estimating perceptual variability in visual "
            + "clustering, IEEE VIS 2023",
        Equations = """
            components: the knee of BIC over mixtures of 1 to sqrt(n) - 1 Gaussians; of one: ambiguity 0
            pairs: P(single) > least, or neighbours in the Gabriel graph of the means
            P(single) = 1 / (1 + exp(-steepness (v - middle))), v = least density between the means / lower density at the means
            ambiguity = mean over pairs of -p log2 p - (1 - p) log2 (1 - p)
            """,
    };

    public IModel<Scatterplot, AmbiguityPrediction> Prepare(TrainingData<Scatterplot> data, RunContext context) =>
        new Model(new(new(Middle, Steepness), Least), context);

    sealed class Model(ClusterAmbiguity ambiguity, RunContext context) : IModel<Scatterplot, AmbiguityPrediction>
    {
        /// <summary>Two numbers of the surrogate.</summary>
        public Footprint Footprint { get; } = new(0, 2 * sizeof(double), 64);

        public IReadOnlyList<AmbiguityPrediction> Predict(IReadOnlyList<Scatterplot> batch) =>
            [.. batch.Select(plot => ambiguity.Of(plot, new Chance(unchecked((ulong)context.Seed)), context.Cancellation))];

        /// <summary>Densities of the mixture of the answer, once a point; how often they are taken depends on the plot.</summary>
        public OperationCounts Count(IReadOnlyList<Scatterplot> batch)
        {
            var macs = batch.Zip(Predict(batch), (plot, answer) => (double)plot.Points.Count * answer.Components * 5).Sum()
                / Math.Max(1, batch.Count);
            return new([new("densities", "distance", macs, 0, macs)], batch.Count);
        }

        public void Dispose() { }
    }
}
