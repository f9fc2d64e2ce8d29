using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Recordings;

/// <summary>The skeleton of a neuron.</summary>
public sealed record Morphology(string Name, IReadOnlyList<SwcNode> Nodes)
{
    /// <summary>Length of all its cables, in the unit of the file.</summary>
    public double CableLength => Nodes.Where(node => node.Parent >= 0).Sum(node => Distance(node, Nodes[node.Parent]));

    static double Distance(SwcNode one, SwcNode other) =>
        Math.Sqrt(Math.Pow(one.X - other.X, 2) + Math.Pow(one.Y - other.Y, 2) + Math.Pow(one.Z - other.Z, 2));
}

/// <summary>Five olfactory projection neurons (DA1) of the fly's hemibrain connectome, as SWC.</summary>
public sealed class Morphologies : IDataset<Morphology>
{
    public DatasetCard Card { get; } = new("hemibrain-da1", 1, "Skeletons of five projection neurons")
    {
        Licence = "CC BY 4.0 (hemibrain)",
        Citation = "Scheffer et al.: A connectome and analysis of the adult Drosophila central brain, eLife 9, 2020; files: navis",
        Encoding = "nodes [node]: position and radius in voxels of 8 nm, parent",
        SplitRule = "train: the five skeletons by file; no validation or test part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 5, [Split.Validation] = 0, [Split.Test] = 0 },
        Files =
        [
            new("swc/1734350788.swc", 186_309, "sha256:6615db78957e22d24864f82aa76bdfad83da26358c7b8893e902e5604be600a6"),
            new("swc/1734350908.swc", 202_611, "sha256:c770ad9cabb3e69b478eea67b607e60a5d238ce7736a2c8632b8315e6bfeded4"),
            new("swc/722817260.swc", 180_566, "sha256:9148036d2dcfa9e326f06965af22ae5635012614bb0cc8dbb874005159eea646"),
            new("swc/754534424.swc", 196_149, "sha256:4a76f16e96acc2b4e47bccc6d10d0fa34c769ea7b4bca25c760a69469ace5ab4"),
            new("swc/754538881.swc", 203_784, "sha256:3a7755b9573a46f3369084d8608e3f6ed1a357ac46130229c65cdbd7e9f9882f"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<Morphology> Read(DirectoryInfo cache, Split split) =>
        split == Split.Train ? Card.Files.Select(file => Open(FileStore.Require(cache, file))) : [];

    static Morphology Open(FileInfo file)
    {
        using var text = file.OpenText();
        return new(Path.GetFileNameWithoutExtension(file.Name), Swc.Parse(text, file.FullName));
    }
}
