using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>
/// Teaches a <see cref="ManifoldNetwork"/> to lay manifolds of points out as subspaces of features, and to tell them apart.
/// </summary>
/// <param name="agreement">Weight of the mean cosine between two views of a point in <see cref="Spread"/>.</param>
sealed class ManifoldTask(ManifoldNetwork network, Views views, CodingRate rate, DoublyStochastic membership, double agreement)
{
    // So many steps until the rows of all memberships sum to 1: one matrix is made, once.
    const int FinalSteps = 30;

    /// <summary>First stage: features of all points fill the space, those of two views of a point agree.</summary>
    public void Spread(Tensor points, Schedule schedule, SampleOrder chance, Curve curve, CancellationToken cancellation) =>
        schedule.Train(network, points, (batch, _) => SpreadLoss(batch), chance, curve, cancellation);

    /// <summary>Second stage: clusters begin where features are, and both are learnt so that coding by clusters saves most.</summary>
    public void Separate(Tensor points, Schedule schedule, SampleOrder chance, Curve curve, CancellationToken cancellation)
    {
        network.CopyFeatureHead();
        schedule.Train(network, points, (batch, _) => SeparateLoss(batch), chance, curve, cancellation);
    }

    /// <summary>Γ of all points, [points, points], from their own directions, not from views.</summary>
    public Tensor Membership(Tensor points)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var clusters = Codes.Tensor(Codes.Of(points, batch => network.Encode(batch).Clusters));
        return (membership with { Steps = FinalSteps }).Of(clusters.matmul(clusters.t())).MoveToOuterDisposeScope();
    }

    Tensor SpreadLoss(Tensor batch)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (network.Encode(views.Of(batch)).Features, network.Encode(views.Of(batch)).Features);
        var cosine = (one * other).sum(1).abs().mean();
        return (-rate.Of((one + other) / 2) - agreement * cosine).MoveToOuterDisposeScope();
    }

    Tensor SeparateLoss(Tensor batch)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (network.Encode(views.Of(batch)), network.Encode(views.Of(batch)));
        var features = nn.functional.normalize(one.Features + other.Features);
        var shares = (Shares(one.Clusters) + Shares(other.Clusters)) / 2;
        return (rate.Of(features, shares) - rate.Of(features)).MoveToOuterDisposeScope();
    }

    Tensor Shares(Tensor clusters)
    {
        using var scope = NewDisposeScope();
        return membership.Of(clusters.matmul(clusters.t())).MoveToOuterDisposeScope();
    }
}
