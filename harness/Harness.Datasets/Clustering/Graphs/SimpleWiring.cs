namespace Harness.Datasets.Clustering;

/// <summary>Random simple graphs with given degrees, of pairs of nodes that may be joined.</summary>
/// <param name="allowed">Symmetric; not asked of a node with itself.</param>
sealed class SimpleWiring(int nodes, Func<int, int, bool> allowed)
{
    const int SwapsPerEdge = 20;

    readonly bool[,] _joined = new bool[nodes, nodes];
    readonly List<(int From, int To)> _edges = [];

    /// <summary>
    /// Havel and Hakimi's construction, then random swaps of the ends of two edges. Stubs for which no partner is left stay open.
    /// </summary>
    public IReadOnlyList<(int From, int To)> Draw(ReadOnlySpan<int> degrees, Chance chance)
    {
        Join(degrees.ToArray());
        for (var swap = SwapsPerEdge * _edges.Count; swap > 0; swap--) Swap(chance);
        return _edges;
    }

    void Join(int[] open)
    {
        int[] nodesLeft = [.. Enumerable.Range(0, nodes)];
        while (nodesLeft.Length > 0)
        {
            var node = nodesLeft.MaxBy(other => open[other]);
            nodesLeft = [.. nodesLeft.Where(other => other != node)];
            foreach (var other in nodesLeft.Where(other => open[other] > 0 && allowed(node, other)).OrderByDescending(other => open[other])
                .Take(open[node]).ToArray())
            {
                Set(node, other, true);
                _edges.Add((node, other));
                open[other]--;
            }
        }
    }

    // a-b and c-d become a-d and c-b, or stay.
    void Swap(Chance chance)
    {
        var (one, two) = (chance.Below(_edges.Count), chance.Below(_edges.Count));
        var ((a, b), (c, d)) = (_edges[one], _edges[two]);
        if (chance.Below(2) == 0) (c, d) = (d, c);
        if (a == d || c == b || a == c || b == d || _joined[a, d] || _joined[c, b] || !allowed(a, d) || !allowed(c, b)) return;
        Set(a, b, false);
        Set(c, d, false);
        Set(a, d, true);
        Set(c, b, true);
        (_edges[one], _edges[two]) = ((a, d), (c, b));
    }

    void Set(int one, int other, bool joined) => _joined[one, other] = _joined[other, one] = joined;
}
