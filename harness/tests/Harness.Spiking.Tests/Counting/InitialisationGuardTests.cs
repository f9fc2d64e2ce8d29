using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Counting;

public sealed class InitialisationGuardTests
{
    readonly OperationLedger ledger = new();

    public InitialisationGuardTests() => TorchSession.Begin(1, 1);

    [Theory]
    [InlineData(1, false)]
    [InlineData(50, true)]
    public void A_layer_that_never_fires_is_an_error_with_its_name_and_a_remedy(float threshold, bool silent)
    {
        using var scope = NewDisposeScope();
        using var first = new LinearUnit("first", 6, 5, new(), ledger);
        using var second = new LinearUnit("second", 5, 4, new(threshold), ledger);
        using var network = nn.Sequential(first, second);
        var input = randn(16, 6).abs();
        void Check() => InitialisationGuard.Check(network, ledger, 16, () => second.forward(first.ForwardConstant(input, 4)));
        if (!silent)
        {
            Check();
            return;
        }
        var message = Assert.Throws<TrainingFailedException>(Check).Message;
        Assert.Contains("second.lif", message, StringComparison.Ordinal);
        Assert.Contains("16 training samples of 4 steps", message, StringComparison.Ordinal);
        Assert.Contains("gain", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_leaves_parameters_statistics_and_mode_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var unit = new LinearUnit("unit", 6, 5, new(), ledger);
        unit.eval();
        var before = unit.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        InitialisationGuard.Check(unit, ledger, 16, () => unit.ForwardConstant(randn(16, 6) + 3, 4));
        Assert.False(unit.training);
        Assert.All(unit.state_dict(), entry => Assert.True(entry.Value.equal(before[entry.Key]).all().item<bool>(), entry.Key));
    }

    [Fact]
    public void A_network_without_neurons_passes() => InitialisationGuard.Check(new OperationCounts(
        [new("dense", "linear", 1, 0, 1), new("lif", "lif", 0, 0, 0) { NeuronUpdates = 4, Spikes = 0.01 }], 1));
}
