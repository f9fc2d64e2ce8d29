using Harness.Spiking.Counting;
using Harness.Torch;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Counting;

public sealed class OperationLedgerTests
{
    public OperationLedgerTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void Spikes_cause_accumulates_and_real_values_multiplications()
    {
        using var scope = NewDisposeScope();
        var spikes = tensor(new float[] { 0, 1, 0, 0, 1, 0, 0, 0 }, [2, 4]);
        var reals = tensor(new float[] { 0, 0.5f, -2, 0 }, [2, 2]);
        var ledger = new OperationLedger();
        var counts = ledger.Record(2, () =>
        {
            ledger.Weighted("spiking", "linear", spikes, InputKind.Spikes, dense: 8 * 3, weightBytes: 48, steps: 1);
            ledger.Weighted("analog", "linear", reals, InputKind.Analog, dense: 4 * 3, weightBytes: 24, steps: 1);
        });
        Assert.Equal(2, counts.Samples);
        // Two spikes with three outgoing weights each, over two samples.
        Assert.Equal(new LayerOperations("spiking", "linear", 0, 3, 12) { InputRate = 0.25, WeightBytes = 48 }, counts.Layers[0]);
        Assert.Equal(new LayerOperations("analog", "linear", 6, 0, 6) { InputRate = 0.5, WeightBytes = 24 }, counts.Layers[1]);
    }

    [Fact]
    public void A_count_of_two_is_one_input_and_two_accumulates()
    {
        using var scope = NewDisposeScope();
        var ledger = new OperationLedger();
        var input = tensor(new float[] { 2, 0, 1, 0 });
        var counts = ledger.Record(1, () => ledger.Weighted("layer", "linear", input, InputKind.Spikes, 4 * 5, 0, 1));
        Assert.Equal(15, counts.Layers[0].Acs);
        Assert.Equal(0.5, counts.Layers[0].InputRate);
    }

    [Fact]
    public void Passes_add_up_and_are_means_per_sample()
    {
        using var scope = NewDisposeScope();
        var ledger = new OperationLedger();
        var counts = ledger.Record(3, () =>
        {
            ledger.Neurons("neurons", tensor(new float[] { 1, 1, 0, 0, 0, 0, 1, 0 }, [2, 2, 2]));
            ledger.Neurons("neurons", tensor(new float[] { 0, 0, 0, 1 }, [2, 1, 2]));
        });
        var layer = Assert.Single(counts.Layers);
        Assert.Equal((4 / 3.0, 12 / 3.0, 4 / 12.0, 2), (layer.Spikes, layer.NeuronUpdates, layer.FiringRate!.Value, layer.TimeSteps));
        Assert.Null(layer.InputRate);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void A_value_that_is_no_count_is_refused_as_spike_input(float value)
    {
        using var scope = NewDisposeScope();
        var ledger = new OperationLedger();
        var error = Assert.Throws<HarnessException>(() => ledger.Record(1,
            () => ledger.Weighted("block1.qkv", "linear", tensor(new[] { 1f, value }), InputKind.Spikes, 2, 0, 1)));
        Assert.Contains("block1.qkv", error.Message, StringComparison.Ordinal);
        Assert.False(ledger.Recording);
    }

    [Fact]
    public void Nothing_is_counted_while_not_recording_and_nothing_is_kept_from_a_recording_before()
    {
        using var scope = NewDisposeScope();
        var ledger = new OperationLedger();
        ledger.Neurons("before", ones(2, 2));
        ledger.Record(1, () => ledger.Neurons("first", ones(2, 2)));
        Assert.Equal("second", Assert.Single(ledger.Record(1, () => ledger.Neurons("second", ones(2, 2))).Layers).Layer);
    }
}
