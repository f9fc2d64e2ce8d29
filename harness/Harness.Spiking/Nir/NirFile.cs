using Harness.Datasets.Formats;
using PureHDF;

namespace Harness.Spiking.Nir;

/// <summary>
/// NIR's files: HDF5 with `version` and a tree of groups under `node`, as the nir package (1.0) reads and writes them. Compression is read
/// and not written.
/// </summary>
public static class NirFile
{
    /// <summary>The version that is written.</summary>
    public const string Version = "1.0";

    /// <exception cref="HarnessException">The graph could not run (<see cref="NirGraph.Checked"/>).</exception>
    public static void Write(NirGraph graph, FileInfo file)
    {
        var content = new H5File { ["version"] = new H5Dataset(Version), ["node"] = Group(graph.Checked()) };
        // Whole or not at all.
        var temporary = $"{file.FullName}.{Environment.ProcessId}.part";
        Directory.CreateDirectory(file.DirectoryName!);
        content.Write(temporary);
        File.Move(temporary, file.FullName, overwrite: true);
    }

    /// <exception cref="DataFormatException">Not HDF5, damaged, or not NIR.</exception>
    /// <exception cref="HarnessException">A node or an edge that cannot be; the message names it.</exception>
    public static NirGraph Read(FileInfo file)
    {
        if (!file.Exists) throw new HarnessException($"The file {file.FullName} does not exist.");
        using var content = Hdf5File.Open(file);
        if (!content.Has("node")) throw new DataFormatException(file.Name, "it has no group node, so it is not a NIR graph");
        var entries = content.Datasets().Where(path => path.StartsWith("node/", StringComparison.Ordinal)).ToList();
        return Node(content, "node", entries) is NirGraph graph ? graph.Checked()
            : throw new DataFormatException(file.Name, "its outermost node is not a NIRGraph");
    }

    static H5Group Group(NirNode node)
    {
        var group = new H5Group { ["type"] = new H5Dataset(node.Kind) };
        if (node is NirGraph graph)
        {
            var nodes = new H5Group();
            foreach (var (name, part) in graph.Nodes) nodes[Named(name)] = Group(part);
            group["nodes"] = nodes;
            group["edges"] = new H5Dataset(graph.Edges.SelectMany(edge => new[] { edge.From, edge.To }).ToArray(),
                fileDims: [(ulong)graph.Edges.Count, 2]);
        }
        else
        {
            foreach (var (name, value) in NirFields.Of(node)) group[name] = Dataset(value);
        }
        if (node.Metadata.Count == 0) return group;
        var facts = new H5Group();
        foreach (var (name, value) in node.Metadata) facts[Named(name)] = Dataset(value);
        group["metadata"] = facts;
        return group;
    }

    static string Named(string name) => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) && name != "." ? name
        : throw new HarnessException($"A node cannot be named `{name}`: names in HDF5 are not empty and have no slash.");

    static object Dataset(NirValue value)
    {
        if (value is NirText { Text: var text }) return new H5Dataset(text);
        var array = (NirArray)value;
        ulong[] shape = [.. array.Shape.Select(length => (ulong)length)];
        return array.Type switch
        {
            NirType.Float32 => new H5Dataset(array.Values.Select(one => (float)one).ToArray(), fileDims: shape),
            NirType.Float64 => new H5Dataset(array.Values.ToArray(), fileDims: shape),
            _ => new H5Dataset(array.Values.Select(one => (long)one).ToArray(), fileDims: shape),
        };
    }

    static NirNode Node(Hdf5File file, string path, List<string> entries)
    {
        if (!entries.Contains($"{path}/type")) throw new DataFormatException(file.Name, $"{path} has no type");
        var kind = file.Text($"{path}/type");
        var metadata = Values(file, $"{path}/metadata/", entries);
        if (kind != "NIRGraph")
            return NirFields.Node(kind, new(path, Values(file, $"{path}/", entries))) with { Metadata = metadata };
        var nodes = entries.Where(entry => entry.StartsWith($"{path}/nodes/", StringComparison.Ordinal))
            .Select(entry => entry[$"{path}/nodes/".Length..].Split('/')[0]).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => Node(file, $"{path}/nodes/{name}", entries));
        var edges = entries.Contains($"{path}/edges") ? file.Texts($"{path}/edges") : [];
        if (edges.Length % 2 != 0) throw new DataFormatException(file.Name, $"{path}/edges holds {edges.Length} names, which are no pairs");
        return new NirGraph(nodes, [.. edges.Chunk(2).Select(pair => new NirEdge(pair[0], pair[1]))]) { Metadata = metadata };
    }

    static Dictionary<string, NirValue> Values(Hdf5File file, string folder, List<string> entries) => entries
        .Where(entry => entry.StartsWith(folder, StringComparison.Ordinal) && entry.LastIndexOf('/') == folder.Length - 1)
        .ToDictionary(entry => entry[folder.Length..], entry => Value(file, entry));

    static NirValue Value(Hdf5File file, string path)
    {
        if (file.HoldsText(path)) return new NirText(string.Join(", ", file.Texts(path)));
        var type = file.Type(path) switch
        {
            { Kind: 'f', Size: <= 4 } => NirType.Float32,
            { Kind: 'f' } => NirType.Float64,
            _ => NirType.Int64,
        };
        return new NirArray(type, file.Numbers<double>(path), file.Shape(path));
    }
}
