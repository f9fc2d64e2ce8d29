using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>
/// How far pairs of neurons have agreed so far: the product of their activities summed over all ticks, each tick back weighing r less, over
/// the root of the sum of the weights. It is kept up to date by a recurrence.
/// </summary>
sealed class Synchronisation : nn.Module
{
    /// <summary>What is carried from tick to tick: sums of products [sample, pair] and of weights [pair].</summary>
    public sealed record State(Tensor Products, Tensor Weights);

    const double MostDecay = 15;

    readonly Parameter decay;
    readonly Tensor left, right;

    public Synchronisation(int neurons, int pairs) : base(nameof(Synchronisation))
    {
        decay = new(zeros(pairs));
        (left, right) = (randint(neurons, [pairs], int64), randint(neurons, [pairs], int64));
        register_buffer(nameof(left), left);
        register_buffer(nameof(right), right);
        RegisterComponents();
    }

    public Parameter Decay => decay;
    public Tensor Left => left;
    public Tensor Right => right;

    /// <summary>What a tick back counts, [pair]: 1 keeps all of the past.</summary>
    public Tensor Kept()
    {
        // In place, so that a decay that fell below 0 keeps its gradient.
        if (training)
            using (no_grad()) decay.clamp_(0, MostDecay);
        return decay.clamp(0, MostDecay).neg().exp();
    }

    /// <param name="before">Null at the first tick.</param>
    /// <param name="activities">[sample, neuron].</param>
    public State Next(State? before, Tensor activities, Tensor kept)
    {
        var products = activities.index_select(1, left) * activities.index_select(1, right);
        return before is null ? new(products, ones_like(kept))
            : new(products + kept * before.Products, kept * before.Weights + 1);
    }

    /// <summary>[sample, pair].</summary>
    public static Tensor Value(State state) => state.Products / state.Weights.sqrt();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var tensor in new[] { decay, left, right }) tensor.Dispose();
        base.Dispose(disposing);
    }
}
