using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Datasets.Formats;

/// <summary>One node of a neuron's skeleton. <paramref name="Parent"/> is an index into the same list, -1 at a root.</summary>
/// <param name="Kind">0 undefined, 1 soma, 2 axon, 3 dendrite, 4 apical dendrite; larger numbers are custom.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SwcNode(int Id, int Kind, float X, float Y, float Z, float Radius, int Parent);

/// <summary>The SWC format of neuron skeletons (Cannon et al. 1998): a line for each node, id, kind, x, y, z, radius, parent.</summary>
public static class Swc
{
    const int Fields = 7;

    /// <summary>Reads a whole skeleton; nodes keep their order, comments (#) and empty lines are left out.</summary>
    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">A line is no node, an id occurs twice, a parent is absent, or parents form a
    /// circle.</exception>
    public static SwcNode[] Parse(TextReader text, string name)
    {
        var (nodes, parents, places) = (new List<SwcNode>(), new List<int>(), new Dictionary<int, int>());
        for (var line = 1; text.ReadLine() is { } content; line++)
        {
            if (content.AsSpan().Trim() is not [var first, ..] || first == '#') continue;
            var node = Node(content, name, line, out var parent);
            if (!places.TryAdd(node.Id, nodes.Count)) throw new DataFormatException(name, $"line {line} repeats the id {node.Id}");
            nodes.Add(node);
            parents.Add(parent);
        }
        for (var i = 0; i < nodes.Count; i++)
        {
            if (parents[i] < 0) continue;
            if (!places.TryGetValue(parents[i], out var place)) throw new DataFormatException(name,
                $"node {nodes[i].Id} names the parent {parents[i]}, which is absent");
            nodes[i] = nodes[i] with { Parent = place };
        }
        CheckTrees(nodes, name);
        return [.. nodes];
    }

    static SwcNode Node(string content, string name, int line, out int parent)
    {
        var fields = content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        parent = -1;
        Span<float> numbers = stackalloc float[4];
        var valid = fields.Length >= Fields && Whole(fields[0], out var id) & Whole(fields[1], out var kind) & Whole(fields[6], out parent);
        for (var i = 0; valid && i < 4; i++) valid = float.TryParse(fields[2 + i], CultureInfo.InvariantCulture, out numbers[i])
            && float.IsFinite(numbers[i]);
        return valid ? new(int.Parse(fields[0], CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture),
            numbers[0], numbers[1], numbers[2], numbers[3], -1)
            : throw new DataFormatException(name, $"line {line} is not id, kind, x, y, z, radius, parent");
    }

    static bool Whole(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    // Every walk to a root marks what it passed, so each node is passed once.
    static void CheckTrees(List<SwcNode> nodes, string name)
    {
        var walk = new int[nodes.Count];
        for (var start = 0; start < nodes.Count; start++)
            for (var at = start; at >= 0 && walk[at] != -1; at = nodes[at].Parent)
            {
                if (walk[at] == start + 1) throw new DataFormatException(name, $"the parents of node {nodes[at].Id} form a circle");
                if (walk[at] != 0) break;
                walk[at] = start + 1;
            }
    }
}
