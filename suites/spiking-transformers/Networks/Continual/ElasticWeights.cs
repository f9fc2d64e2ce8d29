using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>
/// EWC: every finished task k adds strength / 2 sum of F_k (W - W_k)² to the loss, F_k being the mean over samples of the squared gradient
/// of a sample's own loss (the empirical Fisher information: true classes, not drawn ones).
/// </summary>
sealed class ElasticWeights(SpikingStack network, double strength) : IRetention
{
    // sum of F, and of F W, by layer: the penalty's gradient needs no more of any number of tasks.
    (Tensor Fisher, Tensor Anchor)[] held = [];

    public void Begin(int task) { }

    public Tensor Gradient(int layer, Credit credit)
    {
        var gradient = credit.Of(credit.Before);
        return held.Length == 0 ? gradient
            : gradient + (held[layer].Fisher * network.Weights[layer].detach() - held[layer].Anchor) * strength;
    }

    public void End(IEnumerable<Lesson> lessons)
    {
        using var scope = NewDisposeScope();
        var (squares, samples) = (network.Weights.Select(weight => zeros_like(weight).detach()).ToArray(), 0L);
        foreach (var lesson in lessons)
        {
            using var inner = NewDisposeScope();
            foreach (var (layer, credit) in lesson.Credits.Index()) squares[layer].add_(Squares(credit, lesson.Samples));
            samples += lesson.Samples;
        }
        if (samples == 0) return;
        var earlier = held;
        held = [.. squares.Select((sum, layer) => Held(sum / samples, layer, earlier))];
        Release(earlier);
    }

    (Tensor, Tensor) Held(Tensor fisher, int layer, (Tensor Fisher, Tensor Anchor)[] earlier)
    {
        var anchor = fisher * network.Weights[layer].detach();
        return earlier.Length == 0 ? (fisher.DetachFromDisposeScope(), anchor.DetachFromDisposeScope())
            : ((fisher + earlier[layer].Fisher).DetachFromDisposeScope(), (anchor + earlier[layer].Anchor).DetachFromDisposeScope());
    }

    /// <summary>
    /// Sum over samples of the square of each one's gradient, [outputs, inputs]; gradients of a mean loss are samples times smaller.
    /// </summary>
    static Tensor Squares(Credit credit, int samples)
    {
        var before = credit.Before.view(-1, samples, credit.Before.shape[1]).transpose(0, 1);
        var gradient = credit.Gradient.view(-1, samples, credit.Gradient.shape[1]).permute(1, 2, 0) * samples;
        return gradient.bmm(before).square().sum([0]);
    }

    static void Release((Tensor Fisher, Tensor Anchor)[] layers)
    {
        foreach (var (fisher, anchor) in layers)
        {
            fisher.Dispose();
            anchor.Dispose();
        }
    }

    public void Dispose() => Release(held);
}
