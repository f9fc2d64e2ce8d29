using Harness.Datasets.Fields;
using Harness.Datasets.Formats;
using Harness.Datasets.Recordings;
using Harness.Datasets.Text;

namespace Harness.Datasets.Tests.Recordings;

/// <summary>Numbers by Python (numpy, h5py, csv) from the same files.</summary>
public sealed class RecordingTests
{
    [Fact]
    public async Task Retinal_waves_have_their_units_and_spikes()
    {
        var set = new SpikeRecordings();
        var recordings = set.Read(await RealFiles.FetchAsync(set), Split.Train).ToList();
        Assert.Equal([14, 32, 39, 26, 14, 16, 794], recordings.Select(recording => recording.Spikes.Count));
        Assert.Equal([25_020, 16_595, 154_292, 26_911, 4659, 18_100, 827_329],
            recordings.Select(recording => recording.Spikes.Sum(unit => unit.Length)));
        Assert.Equal([11, 13, 15, 9, 7, 7, 10], recordings.Select(recording => recording.Age));
        Assert.Equal((3571, "ctl", (100, 200)), (recordings[0].Seconds, recordings[0].Condition, recordings[0].Positions[0]));
        Assert.Equal(45_574_736.684, recordings[0].Spikes.Sum(unit => unit.ToArray().Sum()), 3);
        Assert.All(recordings.SelectMany(recording => recording.Spikes), unit => Assert.Equal(unit.ToArray().Order(), unit.ToArray()));
    }

    [Fact]
    public async Task Calcium_of_worm_and_fish_is_read_by_frame_and_cell()
    {
        var worm = Assert.Single(CalciumRecordings.Worm.Read(await RealFiles.FetchAsync(CalciumRecordings.Worm), Split.Train));
        Assert.Equal((799, 130, 799 * 130), (worm.Frames, worm.Cells, worm.Traces.Length));
        Assert.Equal([0.41903007f, 1.4408182f, 1.6995562f], worm.Traces[..3].ToArray());
        Assert.Equal(0.4936468f, worm.Traces.Span[^1]);
        Assert.Equal([-0.06918385f, -0.07219866f, -0.09470973f], worm.Behaviour["velocity"][..3]);
        var fish = Assert.Single(CalciumRecordings.Zebrafish.Read(await RealFiles.FetchAsync(CalciumRecordings.Zebrafish), Split.Train));
        Assert.Equal((4245, 114, 114, 5), (fish.Frames, fish.Cells, fish.Positions.Count, fish.Assemblies.Count));
        Assert.Equal([0.19215f, 0.17771f, 0.11182f], Enumerable.Range(0, 3).Select(frame => fish.Traces.Span[frame * 114]));
        Assert.Equal(0.19126f, fish.Traces.Span[^1]);
    }

    [Fact]
    public async Task Connectomes_have_their_cells_and_connections()
    {
        var worms = new List<Connectome>();
        foreach (var set in Connectomes.All) worms.Add(Assert.Single(set.Read(await RealFiles.FetchAsync(set), Split.Train)));
        Assert.Equal([(279, 3225, 1031, 6820), (319, 3549, 1144, 10_117), (221, 2802, 616, 8825)], worms.Select(worm => (worm.Cells.Count,
            worm.Connections.Count, worm.Connections.Count(connection => connection.IsElectrical),
            worm.Connections.Sum(connection => connection.Count))));
        Assert.Equal("ADAL", worms[0].Cells[0]);
    }

    [Theory]
    [InlineData("722817260", 4332, 274_703.367)]
    [InlineData("1734350908", 4847, 304_332.656)]
    public async Task Skeletons_have_their_nodes_and_cable(string name, int nodes, double cable)
    {
        var set = new Morphologies();
        var skeleton = set.Read(await RealFiles.FetchAsync(set), Split.Train).Single(skeleton => skeleton.Name == name);
        Assert.Equal(nodes, skeleton.Nodes.Count);
        Assert.Equal(cable, skeleton.CableLength, 0.5);
        Assert.Single(skeleton.Nodes, node => node.Parent < 0);
    }

    [Theory]
    [InlineData("1 1 0 0 0 1 -1\n1 1 0 0 0 1 -1", "line 2 repeats the id 1")]
    [InlineData("1 1 0 0 0 1 9", "node 1 names the parent 9, which is absent")]
    [InlineData("1 1 0 0 0 1 2\n2 1 0 0 0 1 1", "the parents of node 1 form a circle")]
    [InlineData("1 1 0 0 x 1 -1", "line 1 is not id, kind, x, y, z, radius, parent")]
    [InlineData("1 1 0 0 NaN 1 -1", "line 1 is not id")]
    public void A_skeleton_that_is_no_tree_is_named(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Swc.Parse(new StringReader(text), "x.swc")).Message);

    [Fact]
    public async Task Fields_of_equations_are_read_in_pairs()
    {
        var cache = await RealFiles.FetchAsync(OperatorFields.Darcy);
        var darcy = new[] { Split.Train, Split.Validation }.SelectMany(split => OperatorFields.Darcy.Read(cache, split)).ToList();
        Assert.Equal((1000, 127_858.0), (darcy.Count, darcy.Sum(pair => pair.Input.ToArray().Sum(value => (double)value))));
        Assert.Equal(98_896.797006, darcy.Sum(pair => pair.Target.ToArray().Sum(value => (double)value)), 4);
        Assert.Equal([16, 16], darcy[0].InputShape);
        Assert.Equal([1.1645014e-05f, 3.886559e-04f], darcy[0].Target[..2].ToArray());
        var finer = OperatorFields.DarcyFiner.Read(await RealFiles.FetchAsync(OperatorFields.DarcyFiner), Split.Test).ToList();
        Assert.Equal((50, 32, 20_574.89397), (finer.Count, finer[0].TargetShape[1],
            Math.Round(finer.Sum(pair => pair.Target.ToArray().Sum(value => (double)value)), 5)));
        var burgers = OperatorFields.Burgers.Read(await RealFiles.FetchAsync(OperatorFields.Burgers), Split.Train).ToList();
        Assert.Equal(600, burgers.Count);
        Assert.All(burgers, pair => Assert.Equal(pair.Input.ToArray(), pair.Target[..16].ToArray()));
        Assert.Equal([17, 16], burgers[0].TargetShape);
    }

    [Fact]
    public async Task Texts_are_cut_where_their_protocol_says()
    {
        var set = new TinyShakespeare();
        var cache = await RealFiles.FetchAsync(set);
        var parts = Enum.GetValues<Split>().Select(split => Assert.Single(set.Read(cache, split)).Utf8).ToList();
        Assert.Equal([1_003_854, 55_770, 55_770], parts.Select(part => part.Length));
        Assert.Equal(65, parts.SelectMany(part => part.ToArray()).Distinct().Count());
        Assert.StartsWith("First Citizen:", System.Text.Encoding.ASCII.GetString(parts[0].Span[..20]));
        var wiki = WikiText2.Evaluation;
        var evaluation = await RealFiles.FetchAsync(wiki);
        Assert.Empty(wiki.Read(evaluation, Split.Train));
        Assert.Equal(241_211, System.Text.Encoding.UTF8.GetString(Assert.Single(wiki.Read(evaluation, Split.Test)).Utf8.Span)
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length);
        var small = new WikiText2Small();
        var articles = Enum.GetValues<Split>().Select(split => Assert.Single(small.Read(evaluation, split)).Utf8).ToList();
        Assert.Equal([998_699, 122_982, 154_180], articles.Select(part => part.Length));
        Assert.StartsWith(" = Where the Streets", System.Text.Encoding.UTF8.GetString(articles[1].Span[..60]));
    }
}
