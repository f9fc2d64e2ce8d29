namespace Harness.Datasets.Clustering;

/// <summary>
/// One weighted LFR graph (Lancichinetti and Fortunato, Physical Review E 80, 016118, 2009): degrees and sizes of communities follow power
/// laws of exponents 2 and 1, edges and strengths leave communities in given shares.
/// </summary>
sealed class LfrDraw(LfrParameters parameters, Chance chance)
{
    const double MixingTolerance = 0.05;
    const int MostTries = 100_000, FittingSteps = 50;

    /// <summary>
    /// Drawn again until the mean of the nodes' topological mixing is within 0.05 of what is asked, which a community of more than half
    /// of the nodes may make impossible.
    /// </summary>
    /// <exception cref="HarnessException">No try of 100 000 is.</exception>
    public WeightedGraph Graph()
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var degrees = Degrees();
            if (AssignOrNull(degrees, Sizes()) is not { } communities) continue;
            var edges = Edges(degrees, communities);
            if (Math.Abs(Mixing(edges, communities) - parameters.TopologyMixing) > MixingTolerance) continue;
            return new(parameters.Nodes, Weighted(edges, communities)) { Communities = communities };
        }
        throw new HarnessException($"No LFR graph of mixing {parameters.TopologyMixing} in {MostTries} tries with {parameters}; ask for "
            + "a lower mean degree or smaller communities.");
    }

    // Inverse of the distribution function of a density x^-2 between a lower bound that gives the mean degree, and the maximum.
    int[] Degrees()
    {
        var (low, high, maximum) = (1.0, parameters.Degree, (double)parameters.MaximumDegree);
        for (var halving = 0; halving < 60; halving++)
        {
            var middle = (low + high) / 2;
            if (middle * maximum / (maximum - middle) * Math.Log(maximum / middle) < parameters.Degree) low = middle;
            else high = middle;
        }
        return [.. Enumerable.Range(0, parameters.Nodes).Select(_ =>
            (int)Math.Round(1 / (1 / low - chance.Unit() * (1 / low - 1 / maximum))))];
    }

    // At least two, in proportion to 1 / size; the last one is cut.
    int[] Sizes()
    {
        while (true)
        {
            var (sizes, left) = (new List<int>(), parameters.Nodes);
            while (left >= parameters.SmallestCommunity)
            {
                var size = parameters.SmallestCommunity * Math.Pow(parameters.MaximumDegree / (double)parameters.SmallestCommunity,
                    chance.Unit());
                sizes.Add(Math.Min((int)Math.Round(size), left));
                left -= sizes[^1];
            }
            if (left == 0 && sizes.Count > 1) return [.. sizes];
        }
    }

    // Nodes of many edges first, each into a random free seat of a community that has partners for all edges that do not leave it.
    int[]? AssignOrNull(int[] degrees, int[] sizes)
    {
        var (free, communities) = (sizes.ToArray(), new int[degrees.Length]);
        foreach (var node in Enumerable.Range(0, degrees.Length).OrderByDescending(node => degrees[node]))
        {
            var within = Math.Floor((1 - parameters.TopologyMixing) * degrees[node]);
            int[] seats = [.. Enumerable.Range(0, sizes.Length).Where(one => sizes[one] > within)
                .SelectMany(one => Enumerable.Repeat(one, free[one]))];
            if (seats.Length == 0) return null;
            communities[node] = seats[chance.Below(seats.Length)];
            free[communities[node]]--;
        }
        return communities;
    }

    // Edges that leave first: what finds no partner there joins the rest, so that degrees are kept where they can be.
    (int From, int To)[] Edges(int[] degrees, int[] communities)
    {
        int[] leaving = [.. degrees.Select(degree => (int)(parameters.TopologyMixing * degree + chance.Unit()))];
        var between = new SimpleWiring(degrees.Length, (one, other) => communities[one] != communities[other]).Draw(leaving, chance);
        int[] rest = [.. degrees];
        foreach (var (from, to) in between)
        {
            rest[from]--;
            rest[to]--;
        }
        var within = new SimpleWiring(degrees.Length, (one, other) => communities[one] == communities[other]).Draw(rest, chance);
        return [.. between, .. within];
    }

    static double Mixing((int From, int To)[] edges, int[] communities)
    {
        var (leaving, degrees) = (new double[communities.Length], new double[communities.Length]);
        foreach (var (from, to) in edges)
            foreach (var node in new[] { from, to })
            {
                degrees[node]++;
                if (communities[from] != communities[to]) leaving[node]++;
            }
        return Enumerable.Range(0, communities.Length).Where(node => degrees[node] > 0).Average(node => leaving[node] / degrees[node]);
    }

    // Iterative proportional fitting of both kinds of edges to the two strengths of each node, k^β in all.
    WeightedEdge[] Weighted((int From, int To)[] edges, int[] communities)
    {
        var degrees = new int[communities.Length];
        foreach (var (from, to) in edges)
        {
            degrees[from]++;
            degrees[to]++;
        }
        double[] weights = [.. edges.Select(_ => 1.0)];
        foreach (var leaves in new[] { false, true })
        {
            var share = leaves ? parameters.WeightMixing : 1 - parameters.WeightMixing;
            double[] strengths = [.. degrees.Select(degree => share * Math.Pow(degree, parameters.StrengthExponent))];
            int[] kind = [.. Enumerable.Range(0, edges.Length)
                .Where(edge => communities[edges[edge].From] != communities[edges[edge].To] == leaves)];
            for (var step = 0; step < FittingSteps; step++) Fit(edges, kind, strengths, weights);
        }
        return [.. edges.Select((edge, at) => new WeightedEdge(edge.From, edge.To, weights[at]))];
    }

    static void Fit((int From, int To)[] edges, int[] kind, double[] strengths, double[] weights)
    {
        var sums = new double[strengths.Length];
        foreach (var edge in kind)
        {
            sums[edges[edge].From] += weights[edge];
            sums[edges[edge].To] += weights[edge];
        }
        foreach (var edge in kind)
        {
            var (from, to) = edges[edge];
            weights[edge] *= Math.Sqrt(strengths[from] / sums[from] * (strengths[to] / sums[to]));
        }
    }
}
