using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using Harness.Torch;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

public sealed class LinearUnitTests
{
    [Fact]
    public void Weights_start_as_a_normal_distribution_and_not_as_a_constant()
    {
        using var scope = NewDisposeScope();
        TorchSession.Begin(3, 1);
        using var unit = new LinearUnit("unit", 200, 300, new LifParameters(), new OperationLedger());
        var weights = unit.named_parameters().Single(entry => entry.name == "linear.weight").parameter.data<float>().ToArray();
        Assert.True(weights.Distinct().Count() > 50_000);
        Assert.InRange(weights.Average(), -0.0005, 0.0005);
        Assert.InRange(Math.Sqrt(weights.Average(weight => (double)weight * weight)), 0.0195, 0.0205);
    }
}
