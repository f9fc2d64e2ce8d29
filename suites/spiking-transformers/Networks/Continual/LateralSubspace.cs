using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>
/// Lateral neurons of one layer: the rows of H. Y = X Hᵀ, X' = Y H with all rows, D = clamp(Yᵀ (X - X') / rows, -10, 10),
/// M = 0.9 M + 0.1 D, new rows of H += rate M, five times a batch: new rows converge to the leading directions of what the old ones leave.
/// </summary>
/// <param name="rate">0.001 for the input, 0.01 for hidden layers as published.</param>
/// <param name="levels">Lateral neurons answer in so many steps between 0 and 20, as spikes would; null is linear.</param>
sealed class LateralSubspace(int inputs, double rate, int? levels) : IDisposable
{
    const int Repetitions = 5;
    const double Momentum = 0.9, Bound = 10, Range = 20;

    Tensor old = zeros(0, inputs);
    Tensor fresh = zeros(0, inputs);
    Tensor velocity = zeros(0, inputs);

    /// <summary>All rows of H: [directions, inputs].</summary>
    public Tensor Directions => cat([old, fresh]);

    /// <summary>Freezes the rows there are and adds new ones, orthogonal to each other.</summary>
    /// <exception cref="TrainingFailedException">There would be more directions than inputs.</exception>
    public void Grow(int directions)
    {
        if (old.shape[0] + fresh.shape[0] + directions > inputs)
            throw new TrainingFailedException($"A layer of {inputs} inputs cannot keep {old.shape[0] + fresh.shape[0] + directions} "
                + "directions; lower the subspaces or take more neurons.");
        using var scope = NewDisposeScope();
        Replace(ref old, Directions);
        Replace(ref fresh, linalg.qr(randn(inputs, directions)).Q.t().contiguous());
        Replace(ref velocity, zeros(directions, inputs));
    }

    /// <summary>[rows, inputs] without what lies in the frozen subspace.</summary>
    public Tensor Without(Tensor rows) => old.shape[0] == 0 ? rows : rows - Answer(rows, old).matmul(old);

    /// <summary>The Hebbian rule on one batch [rows, inputs].</summary>
    public void Learn(Tensor rows)
    {
        using var scope = NewDisposeScope();
        // The old rows stay: what they explain is taken off once.
        var left = Without(rows);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            using var inner = NewDisposeScope();
            var answers = Answer(rows, fresh);
            var change = (answers.t().matmul(left - answers.matmul(fresh)) / rows.shape[0]).clamp_(-Bound, Bound);
            velocity.mul_(Momentum).add_(change, alpha: 1 - Momentum);
            fresh.add_(velocity, alpha: rate);
        }
    }

    Tensor Answer(Tensor rows, Tensor directions)
    {
        var answers = rows.matmul(directions.t());
        return levels is { } steps ? (answers.clamp(-Range, Range) * (steps / Range)).round() * (Range / steps) : answers;
    }

    static void Replace(ref Tensor field, Tensor value)
    {
        field.Dispose();
        field = value.DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { old, fresh, velocity }) tensor.Dispose();
    }
}
