using System.Text.Json;
using Harness.Datasets.Formats;
using Harness.Datasets.Tests;
using Harness.Spiking.Nir;

namespace Harness.Spiking.Tests.Nir;

/// <summary>Files against h5py, an independent HDF5 library, in both directions.</summary>
public sealed class NirFileTests : IDisposable
{
    // What an independent reader sees, and that the nir package would find all it asks for.
    const string Dump = """
        import h5py, json, sys
        import numpy as np
        content = {}
        def keep(path, item):
            if isinstance(item, h5py.Dataset):
                value, texts = item[()], item.dtype == object
                content[path] = {"type": "text" if texts else str(item.dtype), "shape": list(item.shape),
                                 "values": [v.decode() for v in np.ravel(value)] if texts else np.ravel(value).tolist()}
        with h5py.File(sys.argv[1]) as file:
            file.visititems(keep)
            assert isinstance(file["version"][()], bytes) and file["node/type"][()] == b"NIRGraph"
            for group in [file["node"]] + [n for n in file["node/nodes"].values() if n["type"][()] == b"NIRGraph"]:
                assert all(isinstance(end, bytes) for edge in group["edges"][()] for end in edge)
        print(json.dumps(content))
        """;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("nir-");

    public void Dispose() => folder.Delete(recursive: true);

    FileInfo File(string name) => new(Path.Combine(folder.FullName, name));

    [Fact]
    public void A_file_of_h5py_is_read_to_the_last_value()
    {
        var expected = NirReference.Content;
        var graph = NirFile.Read(NirReference.File);
        Assert.Equal(21, graph.Nodes.Count);
        Assert.Equal(new NirText("nir.py"), graph.Metadata["made_by"]);
        Assert.Equal(NirArray.Of(5), graph.Metadata["seed"]);
        foreach (var (name, node) in Every(graph, "node/nodes"))
        {
            Assert.Equal(expected[$"{name}/type"].Values.Single().GetString(), node.Kind);
            foreach (var (field, value) in node.Parameters())
            {
                // Files of early versions leave the reset out, and a single input weight stands for all.
                if (!expected.TryGetValue($"{name}/{field}", out var stored)) Assert.Equal("v_reset", field);
                else if (stored.Shape.Length == 0 && field == "w_in") Assert.All(((NirArray)value).Values, one => Assert.Equal(5, one));
                else Assert.Equal(stored.ToValue(), value);
            }
        }
        var edges = expected["node/edges"].Values.Select(one => one.GetString()!).Chunk(2).Select(pair => new NirEdge(pair[0], pair[1]));
        Assert.Equal(edges, graph.Edges);
    }

    [Fact]
    public void A_graph_comes_back_as_it_was_written()
    {
        var graph = NirFile.Read(NirReference.File);
        NirFile.Write(graph, File("again.nir"));
        var again = NirFile.Read(File("again.nir"));
        Assert.Equal(graph.Edges, again.Edges);
        Assert.Equal(graph.Metadata.OrderBy(fact => fact.Key), again.Metadata.OrderBy(fact => fact.Key));
        var (one, other) = (Every(graph, "").OrderBy(node => node.Name).ToList(), Every(again, "").OrderBy(node => node.Name).ToList());
        Assert.Equal(one.Select(node => node.Name), other.Select(node => node.Name));
        foreach (var ((_, first), (_, second)) in one.Zip(other))
        {
            Assert.Equal(first.Kind, second.Kind);
            Assert.Equal(first.Parameters(), second.Parameters());
        }
        // The third time every byte is the same.
        NirFile.Write(again, File("third.nir"));
        Assert.Equal(System.IO.File.ReadAllBytes(File("again.nir").FullName), System.IO.File.ReadAllBytes(File("third.nir").FullName));
    }

    [Fact]
    public async Task A_file_of_ours_is_read_by_h5py_to_the_last_value()
    {
        NirFile.Write(NirFile.Read(NirReference.File), File("ours.nir"));
        var dump = await Python.RunAsync(Dump, ["h5py"], File("ours.nir").FullName);
        var ours = JsonSerializer.Deserialize<Dictionary<string, StoredDataset>>(dump, NirReference.Options)!;
        foreach (var (path, stored) in NirReference.Content)
        {
            var found = ours[path];
            if (path.EndsWith("/w_in", StringComparison.Ordinal) && stored.Shape.Length == 0) continue;
            Assert.Equal((stored.Type, string.Join(',', stored.Shape)), (found.Type, string.Join(',', found.Shape)));
            Assert.Equal(stored.Values.Select(one => one.GetRawText()), found.Values.Select(one => one.GetRawText()));
        }
        // What ours has more: the reset that early versions leave out.
        Assert.Equal(["node/nodes/lif/v_reset"], ours.Keys.Except(NirReference.Content.Keys));
    }

    [Fact]
    public void What_is_no_graph_is_an_error_that_names_the_place()
    {
        var affine = new NirAffine(NirArray.Of(new float[6], 2, 3), NirArray.Of(new float[2], 2));
        Error("hidden gives [2], but output takes [3]", NirGraph.Chain([3], [("hidden", affine)], [3]));
        Error("input gives [4], but hidden takes [3]", NirGraph.Chain([4], [("hidden", affine)], [2]));
        Error("2 outputs and a bias of 3", NirGraph.Chain([3], [("hidden", affine with { Bias = NirArray.Of(new float[3], 3) })], [2]));
        Error("names node nowhere", new(new Dictionary<string, NirNode> { ["in"] = new NirInput([1]) }, [new("in", "nowhere")]));
        Error("needs an Input and an Output", new(new Dictionary<string, NirNode> { ["in"] = new NirInput([1]) }, []));
        Error("Parameter r of lif is [1]", NirGraph.Chain([2], [("lif", new NirIntegrateAndFire(NirArray.Of(new float[1], 1),
            NirArray.Of(new float[2], 2), NirArray.Of(new float[2], 2)))], [2]));
        Error("cannot be named `a/b`", NirGraph.Chain([3], [("a/b", affine)], [2]));
        Assert.Contains("3 values", Assert.Throws<HarnessException>(() => NirArray.Of(new float[3], 2, 2)).Message,
            StringComparison.Ordinal);
        System.IO.File.WriteAllText(File("text.nir").FullName, "no HDF5 at all");
        Assert.Throws<DataFormatException>(() => NirFile.Read(File("text.nir")));
        Assert.Contains("does not exist", Assert.Throws<HarnessException>(() => NirFile.Read(File("none.nir"))).Message,
            StringComparison.Ordinal);

        void Error(string words, NirGraph graph)
        {
            Assert.Contains(words, Assert.Throws<HarnessException>(() => NirFile.Write(graph, File("bad.nir"))).Message,
                StringComparison.Ordinal);
            Assert.False(File("bad.nir").Exists);
        }
    }

    static IEnumerable<(string Name, NirNode Node)> Every(NirGraph graph, string path) => graph.Nodes.SelectMany(node =>
        node.Value is NirGraph inner ? [($"{path}/{node.Key}", inner), .. Every(inner, $"{path}/{node.Key}/nodes")]
            : new (string, NirNode)[] { ($"{path}/{node.Key}", node.Value) });
}
