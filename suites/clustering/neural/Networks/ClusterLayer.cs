using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>
/// k-means as a layer (TELL, Peng et al., JMLR 23(6), 2022): where codes and centres have length 1, the squared distance to a centre is
/// 2 - 2 cos, so that a linear map without bias finds the nearest one. The paper scales its weights, w = 2α μ, and divides the loss by
/// α: it cancels out, and centres are held as directions here.
/// </summary>
sealed class ClusterLayer : nn.Module
{
    readonly Tensor _centers;

    /// <param name="centers">[clusters, code], of any length but zero; copied.</param>
    public ClusterLayer(Tensor centers) : base("clusters")
    {
        using var _ = no_grad();
        _centers = nn.functional.normalize(centers.detach()).DetachFromDisposeScope();
        register_buffer("centers", _centers);
    }

    /// <summary>[clusters, code], of length 1.</summary>
    public Tensor Centers => _centers;

    public LayerOperations Operations
    {
        get
        {
            var (clusters, code) = ((int)_centers.shape[0], (int)_centers.shape[1]);
            return new("clusters", "linear", (double)clusters * code, 0, (double)clusters * code)
            {
                Shape = new(code, 1, clusters, 1), WeightBytes = (long)clusters * code * sizeof(float),
            };
        }
    }

    /// <summary>The cluster of each code [samples, code], int64 [samples].</summary>
    public Tensor Assign(Tensor codes)
    {
        using var scope = NewDisposeScope();
        return codes.matmul(_centers.t()).argmax(1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// 1 minus the mean, over samples and clusters, of the one-hot assignment times the cosine: the published loss up to its weight of
    /// 0.02. The gradient goes to codes; centres only move by <see cref="Move"/>.
    /// </summary>
    public Tensor Loss(Tensor codes)
    {
        using var scope = NewDisposeScope();
        var nearest = codes.matmul(_centers.t()).amax(1);
        return (1 - nearest.mean() / _centers.shape[0]).MoveToOuterDisposeScope();
    }

    /// <summary>One step of all centres against the gradient of the loss, each of this length, and back onto the sphere.</summary>
    /// <param name="step">The paper's 0.2 α on weights of length 2α is 0.1 here.</param>
    public void Move(Tensor codes, double step)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var assigned = nn.functional.one_hot(Assign(codes), _centers.shape[0]).to(float32);
        var directions = nn.functional.normalize(assigned.t().matmul(codes));
        _centers.copy_(nn.functional.normalize(_centers + directions * step));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _centers.Dispose();
        base.Dispose(disposing);
    }
}
