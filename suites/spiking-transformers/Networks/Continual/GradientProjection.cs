using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>
/// GPM: after each task the singular vectors of the activity before a layer that the kept ones leave unexplained are added, until the
/// kept ones hold a share <paramref name="energy"/> of its squares. Gradients lose what lies among them.
/// </summary>
sealed class GradientProjection(double energy) : IRetention
{
    readonly Dictionary<int, Tensor> kept = [];

    public void Begin(int task) { }

    /// <summary>Orthonormal rows [directions, inputs] kept of a layer; none before the first task ended.</summary>
    public Tensor? Directions(int layer) => kept.GetValueOrDefault(layer);

    public Tensor Gradient(int layer, Credit credit)
    {
        var gradient = credit.Of(credit.Before);
        return kept.TryGetValue(layer, out var basis) ? gradient - gradient.matmul(basis.t()).matmul(basis) : gradient;
    }

    public void End(IEnumerable<Lesson> lessons)
    {
        using var scope = NewDisposeScope();
        Tensor[]? moments = null;
        foreach (var lesson in lessons)
        {
            var products = lesson.Credits.Select(credit => credit.Before.to(float64)).Select(rows => rows.t().matmul(rows));
            moments = moments is null ? [.. products] : [.. moments.Zip(products, (sum, product) => sum + product)];
        }
        foreach (var (layer, moment) in (moments ?? []).Index()) Extend(layer, moment);
    }

    // The singular vectors of the rows are the eigenvectors of their second moments; the squares of the values its eigenvalues.
    void Extend(int layer, Tensor moment)
    {
        var (total, known, left) = (moment.trace().item<double>(), 0.0, moment);
        if (kept.TryGetValue(layer, out var basis))
        {
            using var old = basis.to(float64);
            known = old.matmul(moment).mul(old).sum().item<double>();
            var rest = eye(moment.shape[0], dtype: float64) - old.t().matmul(old);
            left = rest.matmul(moment).matmul(rest);
        }
        var (values, vectors) = linalg.eigh(left);
        var (squares, count) = (values.flip(0).data<double>().ToArray(), 0);
        while (known < energy * total && count < squares.Length && squares[count] > 0) known += squares[count++];
        if (count == 0) return;
        var added = vectors.flip(1)[.., ..count].t().to(float32);
        kept[layer] = (basis is null ? added : cat([basis, added])).contiguous().DetachFromDisposeScope();
        basis?.Dispose();
    }

    public void Dispose()
    {
        foreach (var basis in kept.Values) basis.Dispose();
    }
}
