using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Biclusters;
using Suites.Clustering.Centers;

namespace Suites.Clustering.Families.Biclustering;

/// <summary>
/// The simple peer of bi-clusterings: k-means of neurons by their smoothed rates, and of bins by the rates of all neurons.
/// </summary>
/// <param name="Groups">Of neurons.</param>
/// <param name="States">Of bins.</param>
/// <param name="Width">Standard deviation of the Gaussian window, in bins.</param>
/// <param name="Restarts">Of each k-means; the best is taken.</param>
public sealed record SmoothedKMeans([property: Range(1, 1000)] int Groups = 3, [property: Range(1, 1000)] int States = 2,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double Width = 5, [property: Range(1, 10_000)] int Restarts = 10)
    : IModelFamily<CountRecording, BiclusterPrediction>
{
    public FamilyCard Card => new("smoothed-k-means", 1, "k-means of smoothed rates")
    {
        Kind = "classical",
        Summary = "Neurons by their smoothed rates, bins by the rates of all neurons.",
        Paper = "Lloyd: Least squares quantization in PCM, IEEE Trans. Inf. Theory 28(2), 1982",
        Link = "https://doi.org/10.1109/TIT.1982.1056489",
        Equations = """
            x_it = sqrt(Gaussian window of counts), mean 0 and deviation 1 over t
            k-means of rows x_i, and of columns x_t
            """,
    };

    /// <exception cref="TrainingFailedException">There is no recording, one has fewer neurons or bins than clusters, or a count is
    /// negative.</exception>
    public IModel<CountRecording, BiclusterPrediction> Prepare(TrainingData<CountRecording> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no recordings to cluster; give at least one.");
        var chance = new Chance(unchecked((ulong)context.Seed));
        return new RecordingModel(data.Training, [.. data.Training.Select(recording =>
        {
            var rates = SmoothedRates.Of(new(recording), Width);
            return new BiclusterPrediction(Labels(rates, Groups, "groups", chance, context),
                Labels(new(rates.Axes(), rates.Dimensions, rates.Count), States, "states", chance, context));
        })]);
    }

    int[] Labels(PointTable points, int clusters, string knob, Chance chance, RunContext context)
    {
        if (points.Count < clusters)
            throw new TrainingFailedException($"{knob} is {clusters}, but there are only {points.Count} of what is clustered; allowed is "
                + $"1..{points.Count}.");
        var lloyd = new Lloyd(points, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads);
        return lloyd.Best(clusters, Restarts, chance).Assignment;
    }
}
