using Harness.Datasets;

namespace Suites.SpikingTransformers.Tests.Families;

/// <summary>A family's circuit says what its model is: the same answer, parameters and operations, layer by layer.</summary>
public sealed class CircuitTests
{
    static readonly WireAxis[] Sample = [new("channel", 1), new("row", Specimens.Side), new("column", Specimens.Side)];

    public static TheoryData<string> Drawn => [.. Specimens.ImageFamilies.Where(family => family is ICircuitFamily).Select(family =>
        family.Card.Id)];

    [Theory]
    [MemberData(nameof(Drawn))]
    public void A_circuit_equals_the_prepared_model(string id)
    {
        var family = Specimens.ImageFamilies.Single(family => family.Card.Id == id);
        var circuit = ((ICircuitFamily)family).Describe(Sample, Specimens.Classes);
        using var model = family.Prepare(Specimens.Images, Specimens.Context());
        Assert.Equal(model.Footprint.Parameters, circuit.Parameters);
        Assert.Equal([new WireAxis("class", Specimens.Classes)], circuit.Answer);
        var counted = model.Count(Specimens.TestImages).Layers.Where(layer => layer.DenseOperations > 0)
            .ToDictionary(layer => layer.Layer, layer => layer.DenseOperations);
        var drawn = circuit.Nodes.Where(node => node.DenseOperations > 0).ToDictionary(node => node.Name, node => node.DenseOperations);
        Assert.Equal(counted.OrderBy(pair => pair.Key, StringComparer.Ordinal), drawn.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        var updates = model.Count(Specimens.TestImages).Layers.Where(layer => layer.NeuronUpdates > 0)
            .ToDictionary(layer => layer.Layer, layer => layer.NeuronUpdates);
        var spikes = circuit.Nodes.Where(node => node.Operation == CircuitOperation.Spike)
            .ToDictionary(node => node.Name, node => (double)node.Axes.Aggregate(1L, (size, axis) => size * axis.Size));
        Assert.Equal(updates.OrderBy(pair => pair.Key, StringComparer.Ordinal), spikes.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_family_of_images_that_has_weights_can_be_drawn() =>
        Assert.Equal(["majority-class"], Specimens.ImageFamilies.Where(family => family is not ICircuitFamily).Select(family =>
            family.Card.Id));

    [Fact]
    public void A_node_takes_values_only_from_nodes_before_it()
    {
        foreach (var family in Specimens.ImageFamilies.OfType<ICircuitFamily>())
        {
            var known = new HashSet<string>();
            foreach (var node in family.Describe(Sample, Specimens.Classes).Nodes)
            {
                Assert.All(node.From, from => Assert.Contains(from, known));
                Assert.True(known.Add(node.Name), node.Name);
            }
        }
    }
}
