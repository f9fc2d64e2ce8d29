using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>How many directions are kept of the activity before each layer.</summary>
/// <param name="Input">Before the first hidden layer.</param>
/// <param name="Hidden">Before each further one.</param>
/// <param name="Readout">Before the readout.</param>
public sealed record Subspaces([property: Range(1, 65_536)] int Input, [property: Range(1, 65_536)] int Hidden,
    [property: Range(1, 65_536)] int Readout)
{
    internal int Of(int layer, int readout) => layer == 0 ? Input : layer == readout ? Readout : Hidden;
}

/// <summary>HLOP: lateral neurons before each layer.</summary>
/// <param name="fewer">From the fourth task on, and after every three more, so many directions fewer are added.</param>
sealed class HebbianProjection(SpikingStack network, Subspaces first, Subspaces next, int fewer, int? levels) : IRetention
{
    const double InputRate = 0.001, HiddenRate = 0.01;
    const int TasksBetween = 3;

    readonly LateralSubspace[] lateral = [.. network.Weights.Select((weight, layer) =>
        new LateralSubspace((int)weight.shape[1], layer == 0 ? InputRate : HiddenRate, levels))];

    public void Begin(int task)
    {
        foreach (var (layer, subspace) in lateral.Index())
            subspace.Grow(task == 0 ? first.Of(layer, lateral.Length - 1)
                : Math.Max(1, next.Of(layer, lateral.Length - 1) - fewer * (task / TasksBetween)));
    }

    public Tensor Gradient(int layer, Credit credit)
    {
        var gradient = credit.Of(lateral[layer].Without(credit.Before));
        lateral[layer].Learn(credit.Before);
        return gradient;
    }

    public void End(IEnumerable<Lesson> lessons) { }

    public void Dispose()
    {
        foreach (var subspace in lateral) subspace.Dispose();
    }
}
