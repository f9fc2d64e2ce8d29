using Harness.Datasets;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Harness.Torch.Testing;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

/// <summary>The contract of every spiking transformer, untrained.</summary>
public sealed class ZooTests
{
    public static TheoryData<string> Ids => Zoo.Ids;

    public ZooTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void Every_spiking_transformer_of_the_suite_is_in_the_zoo()
    {
        var listed = ((Benchmark<LabeledImage, ClassPrediction>)SpikingTransformersSuite.Create().Benchmarks[0]).Families
            .Select(family => family.Card).Where(card => card.Kind == "spiking").Select(card => card.Id)
            .Except(["lif-mlp", "nalsm", "rram-lsm"]);
        Assert.Equal(listed.Order(StringComparer.Ordinal), Zoo.Families.Select(family => family.Card.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_gradient_reaches_every_parameter(string id) => Zoo.Contract(Zoo.Find(id)).CheckGradients();

    [Theory]
    [MemberData(nameof(Ids))]
    public void No_state_crosses_batches(string id) => Zoo.Contract(Zoo.Find(id)).CheckState();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Samples_neither_see_each_other_nor_their_place(string id)
    {
        Zoo.Contract(Zoo.Find(id)).CheckOrder();
        Zoo.Contract(Zoo.Find(id)).CheckSamples();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_saved_network_computes_the_same(string id) => Zoo.Contract(Zoo.Find(id)).CheckSaving();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Steps_and_samples_are_not_mixed_at_any_number_of_steps(string id)
    {
        foreach (var steps in new[] { 1, 2, 3, 4, 6 })
        {
            // TIM needs a step before the last.
            if (id == "tim" && steps == 1) continue;
            var family = Zoo.With(Zoo.Find(id), "Steps", steps);
            Func<Tensor, Tensor> Create()
            {
                var network = Zoo.Network(family);
                Zoo.Settle(network);
                return input => network.Backbone.Features(new(input, steps, Constant: false));
            }
            new TimeContract($"{id} of {steps} steps", Create, (time, samples) => rand([time, samples, 1, Zoo.Side, Zoo.Side]))
                .Check(steps);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Frames_are_taken_step_by_step_and_answered_like_the_image_they_repeat(string id)
    {
        using var network = Zoo.Network(Zoo.Find(id));
        Zoo.Settle(network);
        using var mode = no_grad();
        var images = Zoo.Images(3);
        var repeated = images.unsqueeze(1).expand(3, 3, 1, Zoo.Side, Zoo.Side);
        Assert.InRange((network.forward(repeated) - network.forward(images)).abs().max().item<float>(), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Logits_of_the_steps_have_the_answer_as_their_mean(string id)
    {
        using var network = Zoo.Network(Zoo.Find(id));
        Zoo.Settle(network);
        using var mode = no_grad();
        var images = Zoo.Images(3);
        if (id == "sglformer")
        {
            Assert.Contains("mixes the steps", Assert.Throws<HarnessException>(() => network.ForwardSteps(images)).Message,
                StringComparison.Ordinal);
            return;
        }
        var steps = network.ForwardSteps(images);
        Assert.Equal([3, 3, Zoo.Classes], steps.shape);
        Assert.InRange((steps.mean([0]) - network.forward(images)).abs().max().item<float>(), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Other_sizes_of_image_and_batch_are_taken(string id)
    {
        foreach (var side in new[] { 8, 32 })
        {
            using var network = Zoo.Network(Zoo.Find(id), side);
            Assert.Equal([2, Zoo.Classes], network.forward(Zoo.Images(2, side)).shape);
            using var mode = no_grad();
            network.eval();
            Assert.Equal([1, Zoo.Classes], network.forward(Zoo.Images(1, side)).shape);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_neuron_changes_the_computation(string id)
    {
        var family = Zoo.With(Zoo.Find(id), "Threshold", 0.3);
        NeuronKind[] refused = id == "tim" ? [NeuronKind.Glif, NeuronKind.Psn] : [];
        Zoo.Contract(family).CheckOptions(Enum.GetValues<NeuronKind>().Except([NeuronKind.Lif, .. refused])
            .Select(neuron => Zoo.Changed(family, "Neuron", neuron)));
        foreach (var neuron in refused) Assert.Throws<HarnessException>(() => Zoo.Network(Zoo.With(family, "Neuron", neuron)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_knob_changes_the_computation(string id)
    {
        var family = Zoo.Find(id);
        (string Knob, object Value)[] changes =
        [
            .. Enum.GetValues<Surrogate>().Except([Surrogate.Sigmoid]).Select(value => ("Surrogate", (object)value)),
            .. Enum.GetValues<InputCode>().Except([InputCode.Direct]).Select(value => ("Code", (object)value)),
            ("Steps", 2), ("Steps", 4), ("Tau", 3.0), ("Threshold", 0.4), ("Slope", 2.0), ("Resolution", 8), ("MlpRatio", 3),
        ];
        Zoo.Contract(family).CheckOptions(changes.Select(change => Zoo.Changed(family, change.Knob, change.Value)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_is_special_to_a_family_changes_the_computation(string id)
    {
        var family = Zoo.Find(id);
        (string Knob, object[] Values)[] own =
        [
            ("Attention", [.. Enum.GetValues<AttentionKind>().Cast<object>()]),
            ("Embedding", [EmbeddingKind.OneConv, EmbeddingKind.TwoConv, EmbeddingKind.Event]),
            ("AttentionThreshold", [0.3]), ("Share", [0.25]), ("Blocks", [2]), ("Experts", [4]), ("ExpertWidth", [4]),
            ("Base", [CmlBase.Spikformer]), ("HeadWidth", [4]), ("GroupSize", [4]), ("FirstWidth", [16]), ("MiddleWidth", [16]),
            ("FirstStride", [2]), ("LastDepth", [2]),
        ];
        Zoo.Contract(family).CheckOptions(own.Where(entry => Zoo.Has(family, entry.Knob)).SelectMany(entry => entry.Values
            .Where(value => !value.Equals(family.GetType().GetProperty(entry.Knob)!.GetValue(family)))
            .Select(value => Zoo.Changed(family, entry.Knob, value))));
    }
}
