namespace Harness.Publishing.Circuits;

/// <summary>A node with its place on the drawing, in units of the viewBox.</summary>
public sealed record PlacedNode(CircuitNode Node, double X, double Y);

/// <summary>A bundle of wires, one line per axis. <paramref name="Skips"/> is true where it passes other nodes.</summary>
public sealed record PlacedWire(PlacedNode From, PlacedNode To, int Lines, bool Skips);

/// <summary>A block that is drawn once and stands for several.</summary>
public sealed record PlacedBlock(string Name, int Times, double Top, double Bottom);

/// <summary>
/// Places a circuit top to bottom: a node stands below all it takes values from, parallel ones side by side; a row of equal blocks is drawn
/// once.
/// </summary>
public sealed class CircuitLayout
{
    public const double NodeWidth = 250, NodeHeight = 34, RowHeight = 58, Gap = 22, Side = 120;

    public CircuitLayout(Circuit circuit)
    {
        var (nodes, times, stands) = Folded(circuit);
        var ranks = Ranks(nodes, stands);
        var rows = nodes.GroupBy(node => ranks[node.Name]).OrderBy(row => row.Key).ToArray();
        var widest = rows.Max(row => row.Count());
        Width = (2 * Side) + (widest * (NodeWidth + Gap));
        Height = (rows.Length * RowHeight) + 16;
        var placed = new Dictionary<string, PlacedNode>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var members = row.ToArray();
            for (var i = 0; i < members.Length; i++)
                placed[members[i].Name] = new(members[i], (Width / 2) + ((i - ((members.Length - 1) / 2.0)) * (NodeWidth + Gap)),
                    (row.Key * RowHeight) + 8 + (NodeHeight / 2));
        }
        Nodes = [.. nodes.Select(node => placed[node.Name])];
        Wires = [.. nodes.SelectMany(node => node.From.Select(from => placed[stands.GetValueOrDefault(from, from)])
            .Select(from => new PlacedWire(from, placed[node.Name], Math.Clamp(from.Node.Axes.Count, 1, 5),
                ranks[node.Name] - ranks[from.Node.Name] > 1)))];
        Blocks = [.. times.Select(pair => (pair.Key, pair.Value, Members: Nodes.Where(node => node.Node.Block == pair.Key).ToArray()))
            .Select(block => new PlacedBlock(block.Key, block.Value, block.Members.Min(node => node.Y) - (RowHeight / 2) + 2,
                block.Members.Max(node => node.Y) + (RowHeight / 2) - 2))];
    }

    public double Width { get; }
    public double Height { get; }
    public IReadOnlyList<PlacedNode> Nodes { get; }
    public IReadOnlyList<PlacedWire> Wires { get; }
    public IReadOnlyList<PlacedBlock> Blocks { get; }

    /// <summary>Keeps the first of equal blocks in a row; Stands maps a node of a left-out block to its twin that is drawn.</summary>
    static (List<CircuitNode> Nodes, Dictionary<string, int> Times, Dictionary<string, string> Stands) Folded(Circuit circuit)
    {
        var blocks = circuit.Nodes.Where(node => node.Block is not null).GroupBy(node => node.Block!).Select(block =>
            block.ToArray()).ToArray();
        var (times, stands, gone) = (new Dictionary<string, int>(), new Dictionary<string, string>(), new HashSet<string>());
        for (var i = 0; i < blocks.Length;)
        {
            var first = blocks[i];
            var count = 1;
            for (; i + count < blocks.Length && Same(first, blocks[i + count]); count++)
                for (var node = 0; node < first.Length; node++)
                {
                    stands[blocks[i + count][node].Name] = first[node].Name;
                    gone.Add(blocks[i + count][node].Name);
                }
            times[first[0].Block!] = count;
            i += count;
        }
        return ([.. circuit.Nodes.Where(node => !gone.Contains(node.Name))], times, stands);
    }

    static bool Same(CircuitNode[] one, CircuitNode[] other) => one.Length == other.Length && one.Zip(other).All(pair =>
        pair.First.Operation == pair.Second.Operation && pair.First.Parameters == pair.Second.Parameters
            && pair.First.Detail == pair.Second.Detail
        && pair.First.Axes.SequenceEqual(pair.Second.Axes) && pair.First.Contracted.SequenceEqual(pair.Second.Contracted));

    static Dictionary<string, int> Ranks(IEnumerable<CircuitNode> nodes, Dictionary<string, string> stands)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in nodes)
            ranks[node.Name] = node.From.Select(from => ranks[stands.GetValueOrDefault(from, from)] + 1).DefaultIfEmpty(0).Max();
        return ranks;
    }
}
