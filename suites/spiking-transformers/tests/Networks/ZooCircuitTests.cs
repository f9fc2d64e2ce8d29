using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

/// <summary>The circuit of every network, and of its axes, has the parameters, operations and neurons of a pass.</summary>
public sealed class ZooCircuitTests
{
    const int Images = 2;

    static readonly WireAxis[] Sample = [new("channel", 1), new("row", Zoo.Side), new("column", Zoo.Side)];

    public static TheoryData<string> Ids => Zoo.Ids;

    public ZooCircuitTests() => TorchSession.Begin(1, 1);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_circuit_equals_its_network(string id)
    {
        Compare(Zoo.Find(id));
        if (Zoo.Has(Zoo.Find(id), "Variant") && id != "sglformer") Compare(Zoo.With(Zoo.Find(id), "Variant", ModelVariant.StepAsCoded));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Neurons_that_learn_are_drawn_with_what_they_learn(string id)
    {
        Compare(Zoo.With(Zoo.Find(id), "Neuron", NeuronKind.Plif));
        if (id != "tim") Compare(Zoo.With(Zoo.Find(id), "Neuron", NeuronKind.Glif));
        if (id != "tim") Compare(Zoo.With(Zoo.Find(id), "Neuron", NeuronKind.Psn));
        Compare(Zoo.With(Zoo.Find(id), "Neuron", NeuronKind.NiLif));
    }

    [Theory]
    [InlineData("spikformer")]
    [InlineData("spikingformer")]
    [InlineData("sdt")]
    [InlineData("meta-spikeformer")]
    public void Every_attention_is_drawn(string id)
    {
        foreach (var attention in Enum.GetValues<AttentionKind>()) Compare(Zoo.With(Zoo.Find(id), "Attention", attention));
    }

    [Fact]
    public void Every_embedding_and_code_is_drawn()
    {
        foreach (var embedding in new[] { EmbeddingKind.OneConv, EmbeddingKind.TwoConv, EmbeddingKind.Event })
            Compare(Zoo.With(Zoo.Find("spikformer"), "Embedding", embedding));
        foreach (var code in Enum.GetValues<InputCode>()) Compare(Zoo.With(Zoo.Find("spikformer"), "Code", code));
        Compare(Zoo.With(Zoo.Find("spikformer"), "Resolution", 8));
        Compare(Zoo.With(Zoo.Find("cml"), "Base", CmlBase.Spikformer));
        Compare(Zoo.With(Zoo.Find("sglformer"), "Variant", ModelVariant.StepAsCoded));
    }

    [Fact]
    public void A_sequence_is_drawn_as_one_row()
    {
        var ledger = new OperationLedger();
        var family = (IBackboneFamily)Zoo.With(Zoo.Find("spikformer"), "Embedding", EmbeddingKind.Sequence);
        using var network = SpikingImages.Classifier(family, new(1, new(1, 100)), Zoo.Classes, ledger);
        Equal(network, ledger, rand(Images, 1, 100), network.Draw([new("channel", 1), new("position", 100)], Zoo.Classes));
    }

    static void Compare(object family)
    {
        var ledger = new OperationLedger();
        using var network = SpikingImages.Classifier((IBackboneFamily)family, new(1, new(Zoo.Side, Zoo.Side)), Zoo.Classes, ledger);
        Equal(network, ledger, Zoo.Images(Images), ((ICircuitFamily)family).Describe(Sample, Zoo.Classes));
    }

    static void Equal(SpikingClassifier network, OperationLedger ledger, TorchSharp.torch.Tensor input, Circuit circuit)
    {
        using var mode = no_grad();
        var counts = ledger.Record(Images, () => network.forward(input));
        Assert.Equal(ModuleSize.Parameters(network), circuit.Parameters);
        Assert.Equal([new WireAxis("class", Zoo.Classes)], circuit.Answer);
        Assert.Equal(Sorted(counts.Layers.Where(layer => layer.DenseOperations > 0).Select(layer => (layer.Layer, layer.DenseOperations))),
            Sorted(circuit.Nodes.Where(node => node.DenseOperations > 0).Select(node => (node.Name, node.DenseOperations))));
        Assert.Equal(Sorted(counts.Layers.Where(layer => layer.NeuronUpdates > 0).Select(layer => (layer.Layer, layer.NeuronUpdates))),
            Sorted(circuit.Nodes.Where(node => node.Operation == CircuitOperation.Spike).Select(node => (node.Name,
                (double)node.Axes.Aggregate(1L, (size, axis) => size * axis.Size)))));
        var known = new HashSet<string>();
        foreach (var node in circuit.Nodes)
        {
            Assert.All(node.From, from => Assert.Contains(from, known));
            Assert.True(known.Add(node.Name), node.Name);
        }
    }

    static IEnumerable<(string, double)> Sorted(IEnumerable<(string Name, double Value)> pairs) =>
        pairs.OrderBy(pair => pair.Name, StringComparer.Ordinal);
}
