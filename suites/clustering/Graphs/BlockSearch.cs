using Harness.Datasets;

namespace Suites.Clustering.Graphs;

/// <summary>
/// The partition of the shortest description that is found: from a block for every node, blocks are merged greedily, a sixth of them at a
/// time, and nodes drawn anew between (Peixoto, Physical Review E 89, 012804, 2014); around the best number again, one merge at a time.
/// Draws are from the conditional distribution of one node, which needs no proposal.
/// </summary>
sealed class BlockSearch(Adjacency graph, bool degrees, bool weights, Chance chance, CancellationToken cancellation)
{
    const double Ratio = 1.2;
    // Of all nodes after each merge: draws, then descents until nothing is gained.
    const int Sweeps = 10, MostDescents = 100;

    /// <summary>The partition and its description length, in nats.</summary>
    public (IReadOnlyList<int> Blocks, double Length) Best()
    {
        List<(IReadOnlyList<int> Blocks, int Count, double Length)> steps = [Step([.. Enumerable.Range(0, graph.Nodes)])];
        while (steps[^1].Count > 1)
            steps.Add(Step(Merged(steps[^1].Blocks, Math.Min(steps[^1].Count - 1, (int)(steps[^1].Count / Ratio)))));
        var best = steps.Index().MinBy(step => step.Item.Length).Index;
        var last = steps[Math.Min(best + 1, steps.Count - 1)].Count;
        for (var now = steps[Math.Max(best - 1, 0)]; now.Count > last; steps.Add(now)) now = Step(Merged(now.Blocks, now.Count - 1));
        var (blocks, _, length) = steps.MinBy(step => step.Length);
        return (blocks, length);
    }

    (IReadOnlyList<int> Blocks, int Count, double Length) Step(IReadOnlyList<int> begin)
    {
        var description = Description(begin);
        for (var sweep = 0; sweep < Sweeps && description.Blocks < graph.Nodes; sweep++) Sweep(description, Drawn);
        for (var descent = 0; descent < MostDescents && Sweep(description, Least); descent++) { }
        return (description.Of, description.Blocks, description.Total());
    }

    // Whether any node moved. A move that would empty a block is left out: numbers of blocks fall by merges alone.
    bool Sweep(BlockDescription description, Func<double[], int, int> choose)
    {
        cancellation.ThrowIfCancellationRequested();
        var (order, costs, moved) = (Enumerable.Range(0, graph.Nodes).ToArray(), new double[description.Blocks], false);
        chance.Shuffle(order.AsSpan());
        foreach (var node in order)
        {
            var from = description.Of[node];
            if (description.Size(from) == 1) continue;
            description.Take(node);
            for (var block = 0; block < costs.Length; block++) costs[block] = description.Cost(node, block);
            var to = choose(costs, from);
            description.Put(node, to);
            moved |= to != from;
        }
        return moved;
    }

    int Drawn(double[] costs, int from)
    {
        var least = costs.Min();
        var left = chance.Unit() * costs.Sum(cost => Math.Exp(least - cost));
        for (var block = 0; block < costs.Length; block++)
            if ((left -= Math.Exp(least - costs[block])) < 0) return block;
        return from;
    }

    static int Least(double[] costs, int from)
    {
        var least = from;
        for (var block = 0; block < costs.Length; block++)
            if (costs[block] < costs[least] - 1e-9) least = block;
        return least;
    }

    // Each block's best merge, cheapest first, until so few blocks are left.
    int[] Merged(IReadOnlyList<int> blocks, int count)
    {
        var description = Description(blocks);
        var into = Enumerable.Range(0, description.Blocks).ToArray();
        var left = into.Length;
        while (left > count)
        {
            foreach (var (one, two, _) in BestMerges(description))
                if (left > count && Root(one) != Root(two))
                {
                    into[Root(one)] = Root(two);
                    left--;
                }
        }
        int[] roots = [.. blocks.Select(Root)];
        int[] names = [.. roots.Distinct()];
        return [.. roots.Select(root => Array.IndexOf(names, root))];

        int Root(int block)
        {
            while (into[block] != block) block = into[block];
            return block;
        }
    }

    (int One, int Two, double Cost)[] BestMerges(BlockDescription description)
    {
        cancellation.ThrowIfCancellationRequested();
        var best = Enumerable.Repeat((Two: -1, Cost: double.PositiveInfinity), description.Blocks).ToArray();
        for (var one = 0; one < best.Length; one++)
            for (var two = one + 1; two < best.Length; two++)
            {
                var cost = description.MergeCost(one, two);
                if (cost < best[one].Cost) best[one] = (two, cost);
                if (cost < best[two].Cost) best[two] = (one, cost);
            }
        return [.. best.Select((merge, one) => (one, merge.Two, merge.Cost)).OrderBy(merge => merge.Cost)];
    }

    BlockDescription Description(IReadOnlyList<int> blocks) => new(graph, blocks, degrees, weights);
}
