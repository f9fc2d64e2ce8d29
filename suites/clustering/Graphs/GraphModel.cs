using Harness.Datasets;

namespace Suites.Clustering.Graphs;

/// <summary>Clusters every graph by itself and keeps the answers.</summary>
static class GraphModel
{
    /// <param name="partition">Given the neighbours and draws of a graph's own.</param>
    /// <exception cref="TrainingFailedException">There is no graph, or one is not as <see cref="Adjacency"/> wants it.</exception>
    public static IModel<WeightedGraph, GraphPartition> Of(TrainingData<WeightedGraph> data, RunContext context,
        Func<Adjacency, Chance, IReadOnlyList<int>> partition)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no graphs to cluster; give at least one.");
        Adjacency[] graphs = [.. data.Training.Select(graph => new Adjacency(graph))];
        var answers = new GraphPartition[graphs.Length];
        Parallel.For(0, graphs.Length, new() { MaxDegreeOfParallelism = context.Threads, CancellationToken = context.Cancellation },
            at => answers[at] = new(partition(graphs[at], new(unchecked((ulong)context.Seed * 1_000_003 + (ulong)at)))));
        return new LookupModel<WeightedGraph, GraphPartition>(data.Training, answers, AreSame, answer => answer.Groups.Count, "A graph");
    }

    static bool AreSame(WeightedGraph one, WeightedGraph other) => one.Nodes == other.Nodes && one.Edges.SequenceEqual(other.Edges);
}
