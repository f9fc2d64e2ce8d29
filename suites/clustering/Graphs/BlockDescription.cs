using MathNet.Numerics;

namespace Suites.Clustering.Graphs;

/// <summary>
/// A partition of a graph's nodes and what is needed to describe the graph by it, in nats: the microcanonical stochastic block model
/// (Peixoto, Physical Review E 95, 012317, 2017) with exponential weights (Peixoto, Physical Review E 97, 012306, 2018), flat. With e_rs
/// edges and weight w_rs between blocks, e_r half-edges and n_r nodes, β the mean weight, it is the negative logarithm of
/// <code>
/// edges    Π_{r&lt;s} e_rs! Π_r 2^{e_rr} e_rr! × { Π_i k_i! / Π_r e_r! Π_r multisets(n_r, e_r)   with degrees | Π_r n_r^{-e_r} }
/// weights  Π_{r≤s} β Γ(e_rs + 1) / (β + w_rs)^{e_rs + 1}
/// priors   1 / multisets(B (B + 1) / 2, E),  Π_r n_r! / (N! C(N - 1, B - 1) N)
/// </code>
/// where e_rr counts edges within r once.
/// </summary>
sealed class BlockDescription
{
    readonly Adjacency _graph;
    readonly LogFactorials _factorials;
    readonly bool _degrees, _weights;
    readonly double _mean, _logMean;
    readonly int[] _blocks, _sizes, _halves, _edges;
    readonly double[] _sums;
    // Of the node at hand: edges and weight into each block, and the blocks that it has any into.
    readonly int[] _into, _touched;
    readonly double[] _weightInto;
    int _touches;

    /// <param name="blocks">Axis [node], 0..blocks - 1, none of them empty.</param>
    /// <param name="degrees">Whether the model knows degrees.</param>
    /// <param name="weights">Whether weights are described too.</param>
    public BlockDescription(Adjacency graph, IReadOnlyList<int> blocks, bool degrees, bool weights)
    {
        (_graph, _degrees, _weights, _blocks) = (graph, degrees, weights, [.. blocks]);
        Blocks = _blocks.Max() + 1;
        _factorials = new(2 * graph.Edges + graph.Nodes);
        _mean = graph.Weight > 0 ? graph.Weight / graph.Edges : 1;
        _logMean = Math.Log(_mean);
        (_sizes, _halves) = (new int[Blocks], new int[Blocks]);
        (_edges, _sums) = (new int[Blocks * Blocks], new double[Blocks * Blocks]);
        (_into, _touched, _weightInto) = (new int[Blocks], new int[Blocks], new double[Blocks]);
        for (var node = 0; node < graph.Nodes; node++)
        {
            _sizes[_blocks[node]]++;
            _halves[_blocks[node]] += graph[node].Count;
            foreach (var (other, weight) in graph[node])
                if (other > node) Add(_blocks[node], _blocks[other], 1, weight);
        }
    }

    public int Blocks { get; }

    public IReadOnlyList<int> Of => _blocks;

    public int Size(int block) => _sizes[block];

    /// <summary>All of it.</summary>
    public double Total()
    {
        var sum = Priors();
        for (var one = 0; one < Blocks; one++)
        {
            sum += Block(_sizes[one], _halves[one]);
            for (var other = one; other < Blocks; other++)
                sum += Pair(_edges[one * Blocks + other], _sums[one * Blocks + other], one == other);
        }
        return sum;
    }

    /// <summary>Takes a node out of its block: it must be put into one before another is taken.</summary>
    public void Take(int node)
    {
        Touch(node);
        Shift(node, _blocks[node], -1);
        _blocks[node] = -1;
    }

    /// <summary>How much longer the description becomes if the node that was taken is put into this block.</summary>
    public double Cost(int node, int block)
    {
        var (degree, row) = (_graph[node].Count, block * Blocks);
        var sum = Block(_sizes[block] + 1, _halves[block] + degree) - Block(_sizes[block], _halves[block]);
        for (var at = 0; at < _touches; at++)
        {
            var other = _touched[at];
            var (edges, weight, same) = (_edges[row + other], _sums[row + other], other == block);
            sum += Pair(edges + _into[other], weight + _weightInto[other], same) - Pair(edges, weight, same);
        }
        return sum;
    }

    /// <summary>Puts the node that was taken.</summary>
    public void Put(int node, int block)
    {
        Shift(node, block, 1);
        _blocks[node] = block;
    }

    /// <summary>
    /// How much longer the description becomes if two blocks become one, but for the priors, which are the same for any two.
    /// </summary>
    public double MergeCost(int one, int two)
    {
        var sum = Block(_sizes[one] + _sizes[two], _halves[one] + _halves[two]) - Block(_sizes[one], _halves[one])
            - Block(_sizes[two], _halves[two]);
        var (first, second) = (one * Blocks, two * Blocks);
        for (var other = 0; other < Blocks; other++)
        {
            if (other == one || other == two || _edges[first + other] == 0 && _edges[second + other] == 0) continue;
            sum += Pair(_edges[first + other] + _edges[second + other], _sums[first + other] + _sums[second + other], false)
                - Pair(_edges[first + other], _sums[first + other], false) - Pair(_edges[second + other], _sums[second + other], false);
        }
        var (between, weight) = (_edges[first + two], _sums[first + two]);
        return sum + Pair(_edges[first + one] + _edges[second + two] + between, _sums[first + one] + _sums[second + two] + weight, true)
            - Pair(_edges[first + one], _sums[first + one], true) - Pair(_edges[second + two], _sums[second + two], true)
            - Pair(between, weight, false);
    }

    void Touch(int node)
    {
        for (var at = 0; at < _touches; at++) (_into[_touched[at]], _weightInto[_touched[at]]) = (0, 0);
        _touches = 0;
        foreach (var (other, weight) in _graph[node])
        {
            var block = _blocks[other];
            if (_into[block]++ == 0) _touched[_touches++] = block;
            _weightInto[block] += weight;
        }
    }

    void Shift(int node, int block, int sign)
    {
        _sizes[block] += sign;
        _halves[block] += sign * _graph[node].Count;
        for (var at = 0; at < _touches; at++) Add(block, _touched[at], sign * _into[_touched[at]], sign * _weightInto[_touched[at]]);
    }

    void Add(int one, int other, int edges, double weight)
    {
        var count = _edges[one * Blocks + other] + edges;
        // What rounding leaves of no edges would have a cost.
        var sum = count == 0 ? 0 : Math.Max(0, _sums[one * Blocks + other] + weight);
        (_edges[one * Blocks + other], _edges[other * Blocks + one]) = (count, count);
        (_sums[one * Blocks + other], _sums[other * Blocks + one]) = (sum, sum);
    }

    double Pair(int edges, double weight, bool same)
    {
        if (edges == 0) return 0;
        var topology = -_factorials[edges] - (same ? edges * Constants.Ln2 : 0);
        return _weights ? topology - _factorials[edges] - _logMean + (edges + 1) * Math.Log(_mean + weight) : topology;
    }

    double Block(int size, int halves)
    {
        if (size == 0) return 0;
        // (size + halves - 1)! / (size - 1)! is halves! multisets(size, halves).
        var edges = _degrees ? _factorials[size + halves - 1] - _factorials[size - 1] : halves * Math.Log(size);
        return edges - _factorials[size];
    }

    double Priors()
    {
        var sum = LogFactorials.Multisets(Blocks * (Blocks + 1) / 2, _graph.Edges) + _factorials[_graph.Nodes]
            + SpecialFunctions.BinomialLn(_graph.Nodes - 1, Blocks - 1) + Math.Log(_graph.Nodes);
        for (var node = 0; node < _graph.Nodes && _degrees; node++) sum -= _factorials[_graph[node].Count];
        return sum;
    }
}
