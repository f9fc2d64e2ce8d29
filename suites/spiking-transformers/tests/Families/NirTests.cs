using Harness.Spiking.Nir;
using Suites.SpikingTransformers.Families;

namespace Suites.SpikingTransformers.Tests.Families;

public sealed class NirTests
{
    [Fact]
    public void The_graph_of_a_trained_perceptron_gives_the_answers_of_the_perceptron()
    {
        // Long enough that it tells the classes apart whatever the last bits of its gradients are.
        var family = Specimens.LifMlp with { Training = new(Epochs: 20, BatchSize: 6, LearningRate: 0.01, WeightDecay: 0.01) };
        using var model = family.Prepare(Specimens.Images, Specimens.Context());
        var graph = ((INirSource)model).ToNir(1e-3).Checked();
        Assert.Equal(["input", "hidden1", "hidden1.lif", "hidden2", "hidden2.lif", "readout", "output"], graph.Nodes.Keys);
        Assert.Equal(NirArray.Of(family.Steps), graph.Metadata["steps"]);
        var runner = new NirRunner(graph, 1e-3);
        var answers = Specimens.TestImages.Select(image =>
        {
            runner.Reset();
            var pixels = image.Pixels.ToArray().Select(pixel => pixel / 255.0).ToArray();
            var outputs = Enumerable.Range(0, family.Steps).Select(_ => runner.Step(pixels)).ToList();
            var means = Enumerable.Range(0, Specimens.Classes).Select(label => outputs.Average(output => output[label])).ToList();
            return means.IndexOf(means.Max());
        });
        // Norms are folded in float64: a neuron within a rounding of its threshold may differ.
        var same = answers.Zip(model.Predict(Specimens.TestImages)).Count(pair => pair.First == pair.Second.Label);
        Assert.InRange(same, Specimens.TestImages.Count - 1, Specimens.TestImages.Count);
        Assert.Equal(Specimens.Classes, model.Predict(Specimens.TestImages).DistinctBy(prediction => prediction.Label).Count());
    }

    [Fact]
    public void A_network_that_NIR_has_no_nodes_for_says_so()
    {
        using var model = Specimens.Spikformer.Prepare(Specimens.Images, Specimens.Context());
        var error = Assert.Throws<UnsupportedException>(() => ((INirSource)model).ToNir(1e-3));
        Assert.Contains("backbone has no NIR graph", error.Message, StringComparison.Ordinal);
    }
}
