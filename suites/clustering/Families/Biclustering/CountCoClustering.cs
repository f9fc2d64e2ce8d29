using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Biclusters;
using Suites.Clustering.Centers;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Families.Biclustering;

/// <summary>
/// Spectral co-clustering of counts: neurons and bins are parted together, as rows and columns of one matrix, so that there are as many
/// groups as states. Silent neurons and bins go with no others and become the first cluster.
/// </summary>
/// <param name="Clusters">Each of neurons and bins.</param>
/// <param name="Width">Standard deviation of the Gaussian window over counts, in bins.</param>
/// <param name="Restarts">Of k-means; the best is taken.</param>
public sealed record CountCoClustering([property: Range(2, 1000)] int Clusters = 3,
    [property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double Width = 5, [property: Range(1, 10_000)] int Restarts = 10)
    : IModelFamily<CountRecording, BiclusterPrediction>
{
    public FamilyCard Card => new("count-co-clustering", 1, "Spectral co-clustering of counts")
    {
        Kind = "classical",
        Summary = "Neurons and bins that go together, as parts of a graph between both.",
        Paper = "Dhillon: Co-clustering documents and words using bipartite spectral graph partitioning, KDD 2001",
        Link = "https://doi.org/10.1145/502512.502550",
        Equations = """
            A_it = Gaussian window of counts; A_n = R^-1/2 A C^-1/2, R and C the sums of rows and columns
            rows R^-1/2 u_i and columns C^-1/2 v_i for i = 2 .. 1 + ceil(log2 k), then k-means of both together
            """,
    };

    /// <exception cref="TrainingFailedException">There is no recording, one has fewer neurons and bins than clusters, or a count is
    /// negative.</exception>
    public IModel<CountRecording, BiclusterPrediction> Prepare(TrainingData<CountRecording> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no recordings to cluster; give at least one.");
        var chance = new Chance(unchecked((ulong)context.Seed));
        return new RecordingModel(data.Training, [.. data.Training.Select(recording => Of(recording, chance, context))]);
    }

    BiclusterPrediction Of(CountRecording recording, Chance chance, RunContext context)
    {
        var rates = SmoothedRates.Plain(new(recording), Width);
        int[] rows = [.. Enumerable.Range(0, rates.Count).Where(row => rates[row].ContainsAnyExcept(0.0))];
        int[] columns = [.. Enumerable.Range(0, rates.Dimensions).Where(column => rows.Any(row => rates[row][column] > 0))];
        var (neurons, states) = (new int[rates.Count], new int[rates.Dimensions]);
        if (rows.Length + columns.Length < Clusters || Math.Min(rows.Length, columns.Length) < 2)
            throw new TrainingFailedException($"clusters is {Clusters}, but only {rows.Length} neurons and {columns.Length} bins have "
                + "spikes; give a recording with at least two of each.");
        var weights = new PointTable([.. rows.SelectMany(row => columns.Select(column => rates[row][column]))], rows.Length,
            columns.Length);
        var embedding = BipartiteEmbedding.Of(weights, (int)Math.Ceiling(Math.Log2(Clusters)), chance, context.Cancellation);
        if (embedding.Dimensions == 0) return new(neurons, states);
        var lloyd = new Lloyd(embedding, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads);
        var labels = lloyd.Best(Clusters, Restarts, chance).Assignment;
        foreach (var (at, row) in rows.Index()) neurons[row] = labels[at];
        foreach (var (at, column) in columns.Index()) states[column] = labels[rows.Length + at];
        return new(neurons, states);
    }
}
