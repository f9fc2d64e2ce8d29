using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>Centres among codes, [clusters, code]; taken over from the caller.</summary>
sealed class CodeCenters : nn.Module
{
    readonly Tensor _centers;

    public CodeCenters(Tensor centers) : base("centers")
    {
        _centers = centers.DetachFromDisposeScope();
        register_buffer("centers", _centers);
    }

    public LayerOperations Operations => new("centers", "distance", _centers.numel(), 0, _centers.numel())
    {
        WeightBytes = _centers.numel() * sizeof(float),
    };

    /// <summary>The nearest centre of each code [samples, code] by squared distance, int64 [samples].</summary>
    public Tensor Nearest(Tensor codes)
    {
        using var scope = NewDisposeScope();
        return (codes.unsqueeze(1) - _centers).square().sum(2).argmin(1).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _centers.Dispose();
        base.Dispose(disposing);
    }
}
