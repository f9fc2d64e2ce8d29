using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Testing;

/// <summary>What a network over time must keep: steps and samples are not mixed.</summary>
/// <param name="Name">Stands in front of every violation.</param>
/// <param name="Create">Makes a function of a network in evaluation, from [steps, samples, ...] to [steps, samples, ...].</param>
/// <param name="Inputs">[steps, samples, ...] of so many of both, drawn from the random stream of libtorch.</param>
public sealed record TimeContract(string Name, Func<Func<Tensor, Tensor>> Create, Func<int, int, Tensor> Inputs)
{
    const int Samples = 3;

    /// <summary>Differences up to this are rounding.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>
    /// Another sample, at any step, changes nothing of the others at any step; and where <paramref name="causal"/> another input of a step
    /// changes nothing of the steps before.
    /// </summary>
    /// <exception cref="NetworkViolationException">It does.</exception>
    public void Check(int steps, bool causal = true)
    {
        TorchRuntime.Initialize();
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        manual_seed(1);
        var network = Create();
        var (input, other) = (Inputs(steps, Samples), Inputs(steps, Samples));
        var expected = network(input);
        if (expected.shape[0] != steps || expected.shape[1] != Samples)
            throw new NetworkViolationException(Name, "outputs have the steps and samples of the input",
                $"{steps} steps of {Samples} samples gave {expected.shape[0]} of {expected.shape[1]}");
        for (var step = 0; step < steps; step++)
            for (var sample = 0; sample < Samples; sample++)
            {
                using var inner = NewDisposeScope();
                var changed = input.clone();
                changed[step, sample] = other[step, sample];
                // Read once: a look at a single element costs as much as a small layer.
                var moved = (network(changed) - expected).abs().flatten(2).amax([2]).gt(Tolerance).contiguous().data<bool>().ToArray();
                for (var at = 0; at < steps; at++)
                    for (var of = 0; of < Samples; of++)
                        if (moved[at * Samples + of] && (of != sample || (causal && at < step)))
                            throw new NetworkViolationException(Name, "steps and samples are not mixed",
                                $"another input of step {step}, sample {sample} changed step {at} of sample {of}");
            }
    }
}
