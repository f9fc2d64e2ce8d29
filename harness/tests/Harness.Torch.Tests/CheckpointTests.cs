using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Tests;

public sealed class CheckpointTests
{
    public CheckpointTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void A_restored_module_predicts_as_before()
    {
        using var module = Network();
        using var input = randn(4, 3);
        var before = Output(module, input);
        using var checkpoint = Checkpoint.Of(module);
        using (no_grad())
            foreach (var parameter in module.parameters()) parameter.add_(1);
        Assert.NotEqual(before, Output(module, input));
        checkpoint.Restore(module);
        Assert.Equal(before, Output(module, input));
    }

    [Fact]
    public void A_saved_file_restores_another_instance()
    {
        var file = new FileInfo(Path.Combine(Directory.CreateTempSubdirectory("checkpoint").FullName, "deeper", "model.dat"));
        using var first = Network();
        using var second = Network();
        using var input = randn(4, 3);
        Checkpoint.Save(first, file);
        Checkpoint.Load(second, file);
        Assert.Equal(Output(first, input), Output(second, input));
        file.Directory!.Parent!.Delete(recursive: true);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var module = Network();
        var error = Assert.Throws<HarnessException>(() => Checkpoint.Load(module, new FileInfo("/nowhere/model.dat")));
        Assert.Contains("/nowhere/model.dat", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_architecture_is_refused()
    {
        var file = new FileInfo(Path.Combine(Directory.CreateTempSubdirectory("checkpoint").FullName, "model.dat"));
        using var first = Network();
        using var other = nn.Linear(7, 7);
        Checkpoint.Save(first, file);
        Assert.Throws<HarnessException>(() => Checkpoint.Load(other, file));
        file.Directory!.Delete(recursive: true);
    }

    [Fact]
    public void The_footprint_counts_parameters_and_buffers()
    {
        using var module = Network();
        // Linear 3x5 + 5; batch norm weight 5 + bias 5; its buffers mean 5, variance 5 and one 64-bit counter.
        Assert.Equal(new Footprint(30, 30 * 4 + 10 * 4 + 8, 32), ModuleSize.Footprint(module));
    }

    static nn.Module<Tensor, Tensor> Network()
    {
        var network = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5));
        network.eval();
        return network;
    }

    static float[] Output(nn.Module<Tensor, Tensor> module, Tensor input)
    {
        using var output = module.forward(input);
        return output.data<float>().ToArray();
    }
}
