using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>
/// Samples of exp(-E) by stochastic gradient Langevin dynamics, x ← x - (a / 2) ∇E + noise, from a buffer of earlier samples some of
/// which begin anew (Du and Mordatch 2019): persistent chains. Coordinates begin within -1..1, and stay within <see cref="Bound"/>.
/// </summary>
sealed class Langevin : IDisposable
{
    /// <summary>Chains are cut off here, where no data are.</summary>
    public const double Bound = 2;

    const int BufferSize = 10_000;
    const double Fresh = 0.05;

    /// <summary>
    /// a, and the standard deviation of the noise, √a, with which a chain of small steps has exp(-E) as its law. The step of 1 and the
    /// noise of 0.01 that are usual for images are too wide for energies as steep as these (docs/clustering.md).
    /// </summary>
    internal const double StepSize = 0.0025, Noise = 0.05;

    readonly EnergyNetwork _network;
    readonly int _steps;
    readonly Tensor _buffer;

    public Langevin(EnergyNetwork network, int dimensions, int steps)
    {
        (_network, _steps) = (network, steps);
        _buffer = Anywhere(BufferSize, dimensions).DetachFromDisposeScope();
    }

    /// <summary>[count, dimensions], without gradient.</summary>
    public Tensor Draw(int count, SampleOrder chance)
    {
        using var scope = NewDisposeScope();
        var places = tensor(Enumerable.Range(0, count).Select(_ => (long)chance.Below(BufferSize)).ToArray());
        var anew = (rand(count, 1) < Fresh).to(float32);
        var samples = _buffer.index_select(0, places) * (1 - anew) + Anywhere(count, _buffer.shape[1]) * anew;
        for (var step = 0; step < _steps; step++) samples = Move(samples);
        _buffer.index_copy_(0, places, samples);
        return samples.MoveToOuterDisposeScope();
    }

    /// <summary>One step of all chains [count, dimensions].</summary>
    internal Tensor Move(Tensor samples)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad();
        var at = samples.detach().requires_grad_();
        var slope = autograd.grad([_network.Energy(at).sum()], [at])[0];
        return (at.detach() - StepSize / 2 * slope + Noise * randn_like(slope)).clamp(-Bound, Bound).MoveToOuterDisposeScope();
    }

    static Tensor Anywhere(long count, long dimensions) => 2 * rand(count, dimensions) - 1;

    public void Dispose() => _buffer.Dispose();
}
