using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Families.Graphs;
using Suites.Clustering.Graphs;
using Suites.Clustering.Tensors;

namespace Suites.Clustering.Families.Tensors;

/// <summary>
/// Motifs of a tensor of affinities: non-negative factors, and communities of the graph that the pairs of each make. A factor whose graph
/// is one community, as that of a background, is no motif.
/// </summary>
/// <param name="Components">0 looks for their number by the error of what is held out.</param>
/// <param name="Most">Components that are tried then.</param>
/// <param name="Restarts">Of each factorisation; the least error is taken.</param>
public sealed record DynamicConnectome([property: Range(0, 100)] int Components = 0, [property: Range(1, 100)] int Most = 7,
    [property: Range(1, 1000)] int Restarts = 5) : IModelFamily<PairTensor, MotifPrediction>
{
    public FamilyCard Card => new("dynamic-connectome", 1, "Motifs by tensor factors and a block model")
    {
        Kind = "classical",
        Summary = "Pairs of nodes, times and animals that go together, and communities of the pairs.",
        Paper = "Dyballa et al.: Learning dynamic representations of the functional connectome in neurobiological networks, ICLR 2024",
        Link = "https://arxiv.org/abs/2402.14102",
        Equations = """
            T_pta ~ sum_r u_pr v_tr w_ar, all 0 or more, least squares, vector by vector
            components: the fewest within one standard error of the least error of held-out tubes
            communities of the graph with weights u_r: weighted-sbm
            """,
    };

    /// <exception cref="TrainingFailedException">There is no tensor, or one has fewer than two nodes, no time or no animal, another number
    /// of values than these say, or one that is not finite.</exception>
    public IModel<PairTensor, MotifPrediction> Prepare(TrainingData<PairTensor> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There are no tensors to factorise; give at least one.");
        foreach (var tensor in data.Training) Check(tensor);
        MotifPrediction[] answers = [.. data.Training.Select((tensor, at) =>
            Motifs(tensor, new(unchecked((ulong)context.Seed * 1_000_003 + (ulong)at)), context.Cancellation))];
        return new LookupModel<PairTensor, MotifPrediction>(data.Training, answers, AreSame,
            answer => answer.Motifs.Sum(motif => motif.Pairs.Count + motif.Times.Count + motif.Animals.Count), "A tensor");
    }

    MotifPrediction Motifs(PairTensor tensor, Chance chance, CancellationToken cancellation)
    {
        var search = new RankSearch(tensor, Restarts, chance, cancellation);
        var factors = search.Fit(Components > 0 ? Components : search.Best(Most));
        var motifs = Enumerable.Range(0, factors.Rank).Select(component => Of(tensor, factors, component, chance, cancellation));
        return new([.. motifs.Where(motif => motif.Groups.Distinct().Count() > 1)], search.RelativeError(factors));
    }

    static Motif Of(PairTensor tensor, Factors factors, int component, Chance chance, CancellationToken cancellation)
    {
        var pairs = factors.Modes[0][component];
        WeightedEdge[] edges = [.. PairTensor.PairsOf(tensor.Nodes).Zip(pairs).Where(pair => pair.Second > 0)
            .Select(pair => new WeightedEdge(pair.First.One, pair.First.Other, pair.Second))];
        var graph = new Adjacency(new(tensor.Nodes, edges) { Communities = [] });
        return new(pairs, factors.Modes[1][component], factors.Modes[2][component],
            new WeightedBlockModel().Partition(graph, chance, cancellation));
    }

    static void Check(PairTensor tensor)
    {
        if (tensor.Nodes < 2 || tensor.Times < 1 || tensor.Animals < 1)
            throw new TrainingFailedException($"A tensor has {tensor.Nodes} nodes, {tensor.Times} times and {tensor.Animals} animals; "
                + "allowed are two nodes, one time and one animal or more.");
        var expected = (long)tensor.Pairs * tensor.Times * tensor.Animals;
        if (tensor.Values.Length != expected)
            throw new TrainingFailedException($"A tensor has {tensor.Values.Length} values for {tensor.Pairs} pairs, {tensor.Times} times "
                + $"and {tensor.Animals} animals; it must have {expected}.");
        foreach (var value in tensor.Values.Span)
            if (!double.IsFinite(value))
                throw new TrainingFailedException($"A tensor has the value {value}; values must be finite: drop or impute it before.");
    }

    static bool AreSame(PairTensor one, PairTensor other) =>
        (one.Nodes, one.Times, one.Animals) == (other.Nodes, other.Times, other.Animals)
        && one.Values.Span.SequenceEqual(other.Values.Span);
}
