using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Testing;

/// <summary>
/// Brings an untrained network to where evaluation says something about it: running statistics start at 0 and 1, with which a batch norm in
/// evaluation passes weights of 0.02 on as they are, and spiking layers behind it stay silent.
/// </summary>
public static class RunningStatistics
{
    const double Least = 1e-8;

    /// <summary>
    /// Runs <paramref name="pass"/> twice in training and sets every buffer to where it is heading if the pass were repeated for ever, by
    /// Aitken's extrapolation; leaves the network in evaluation.
    /// </summary>
    public static void Settle(nn.Module network, Func<Tensor> pass)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var buffers = network.named_buffers().Where(entry => entry.buffer.is_floating_point()).ToList();
        List<Tensor> Values() => [.. buffers.Select(entry => entry.buffer.to(float64).clone())];
        network.train();
        var start = Values();
        pass();
        var first = Values();
        pass();
        var second = Values();
        foreach (var (index, (name, buffer)) in buffers.Index())
        {
            var (step, bend) = (first[index] - start[index], second[index] - 2 * first[index] + start[index]);
            // What does not move, or no longer, is there.
            var moved = bend.abs().gt(1e-12) & step.abs().gt(1e-12);
            var limit = (start[index] - step * step / bend.where(moved, 1)).where(moved, second[index]);
            if (name.EndsWith("running_var", StringComparison.Ordinal)) limit = limit.clamp(min: Least);
            buffer.copy_(limit.to(buffer.dtype));
        }
        network.eval();
    }
}
