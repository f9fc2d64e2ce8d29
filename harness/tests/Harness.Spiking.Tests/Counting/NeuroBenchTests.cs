using System.Text.Json;
using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Counting;

/// <summary>Three networks against counts made synapse by synapse (Reference/neurobench.py, which draws the same ones).</summary>
public sealed class NeuroBenchTests
{
    static readonly LifParameters Lif = new(Threshold: 0.5f);

    static readonly Lazy<JsonElement> Document = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "neurobench.json"))).RootElement);

    readonly OperationLedger ledger = new();

    public NeuroBenchTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void A_spiking_perceptron()
    {
        using var scope = NewDisposeScope();
        var chance = new SampleOrder(21);
        var (first, second) = (nn.Linear(6, 8), nn.Linear(8, 4));
        foreach (var layer in new[] { first, second }) Fill(chance, layer.weight!, layer.bias!);
        var input = Spikes(chance, 5, 3, 6);
        Same("perceptron", nn.Sequential(first, second), 3, () => Spiking("second", second, Connection.Linear(second),
            Spiking("first", first, Connection.Linear(first), input)));
    }

    [Fact]
    public void Spiking_convolutions()
    {
        using var scope = NewDisposeScope();
        var chance = new SampleOrder(22);
        var first = nn.Conv2d(2, 4, 3, padding: 1);
        var second = nn.Conv2d(4, 3, 3, stride: 2, padding: 1);
        var readout = nn.Linear(27, 5);
        Fill(chance, first.weight!, first.bias!);
        Fill(chance, second.weight!, second.bias!);
        Fill(chance, readout.weight!, readout.bias!);
        var input = Spikes(chance, 3, 2, 2, 6, 6);
        Same("convolutions", nn.Sequential(first, second, readout), 2, () =>
        {
            var spikes = Spiking("second", second, Connection.Convolution(second), Spiking("first", first, Connection.Convolution(first),
                input));
            Weighted("readout", Connection.Linear(readout), spikes.flatten(2));
        });
    }

    [Fact]
    public void An_analog_perceptron()
    {
        using var scope = NewDisposeScope();
        var chance = new SampleOrder(23);
        var (first, second) = (nn.Linear(10, 7), nn.Linear(7, 3));
        foreach (var layer in new[] { first, second }) Fill(chance, layer.weight!, layer.bias!);
        var input = Array(chance, 4, 10).unsqueeze(0);
        Same("analog", nn.Sequential(first, second), 4, () =>
        {
            Weighted("first", Connection.Linear(first), input, InputKind.Analog);
            var hidden = first.forward(input).relu();
            ledger.Neurons("relu", hidden);
            Weighted("second", Connection.Linear(second), hidden, InputKind.Analog);
        });
    }

    [Fact]
    public void Units_report_their_connections_and_potentials()
    {
        using var scope = NewDisposeScope();
        using var unit = new LinearUnit("unit", 6, 5, Lif, ledger);
        unit.eval();
        var input = Spikes(new(3), 4, 2, 6);
        var metrics = ledger.RecordNeuroBench(unit, 2, () => unit.forward(input));
        // No weight of a normal draw is 0, so that every spike meets five of them.
        Assert.Equal(input.sum().item<float>() * 5 / 2, metrics.EffectiveAcs);
        Assert.Equal((0, 4 * 6 * 5, 0), (metrics.EffectiveMacs, metrics.DenseOperations, metrics.ConnectionSparsity));
        // Linear and norm: weights, biases, scale, shift; running mean and variance, and the count of batches (8 bytes).
        Assert.Equal(4 * (6 * 5 + 5 + 4 * 5) + 8, metrics.Footprint);
        Assert.InRange(metrics.MembraneUpdates, 5, 4 * 5);
        var counts = ledger.Record(2, () => unit.forward(input));
        Assert.Equal(metrics.EffectiveAcs, counts.Acs);
    }

    Tensor Spiking(string name, nn.Module<Tensor, Tensor> layer, Connection connection, Tensor input)
    {
        Weighted(name, connection, input);
        var current = layer.forward(input.flatten(0, 1));
        current = current.view([.. input.shape[..2], .. current.shape[1..]]);
        var spikes = LifGraph.Spikes(current, Lif);
        ledger.Neurons($"{name}.lif", spikes, () => LifGraph.Potentials(current, Lif));
        return spikes;
    }

    void Weighted(string name, Connection connection, Tensor input, InputKind kind = InputKind.Spikes) =>
        ledger.Weighted(name, "layer", input.flatten(0, 1), kind, 0, 0, (int)input.shape[0], connection: connection);

    void Same(string name, nn.Module network, int samples, Action pass)
    {
        var expected = Document.Value.GetProperty(name);
        double Of(string key) => expected.GetProperty(key).GetDouble();
        Assert.Equal(new NeuroBenchMetrics(Of("macs"), Of("acs"), Of("dense"), Of("activation"), Of("connection"), (long)Of("footprint"),
            Of("updates")), ledger.RecordNeuroBench(network, samples, pass));
    }

    static void Fill(SampleOrder chance, params Tensor[] parameters)
    {
        using var mode = no_grad();
        foreach (var parameter in parameters) parameter.copy_(Array(chance, parameter.shape));
    }

    static Tensor Array(SampleOrder chance, params long[] shape) =>
        Draw(shape, () => chance.Below(12) - 4 is var k && k <= 4 ? k / 4f : 0);

    static Tensor Spikes(SampleOrder chance, params long[] shape) => Draw(shape, () => chance.Below(3) == 0 ? 1 : 0);

    static Tensor Draw(long[] shape, Func<float> value) =>
        tensor([.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => value())]).view(shape);
}
