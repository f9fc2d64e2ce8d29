using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Networks;

/// <summary>
/// Symmetric grids of groups of a matrix whose steps are learned (Esser et al. 2020: LSQ): w' = s·round(clip(w/s, -Q, Q)), with Q of
/// 2^(bits-1) - 1. Rounding passes gradients straight through, so dw'/ds is round(w/s) - w/s inside and ±Q outside; it is made smaller by
/// 1/√(group·Q). Steps begin at 2 mean|w| / √Q and are learned relative to that, so that one learning rate serves weights and
/// steps.
/// </summary>
sealed class LearnedGrid
{
    readonly Tensor _first;
    readonly int _group, _most;

    /// <param name="weights">[rows, width]; the width is a multiple of the group.</param>
    public LearnedGrid(Tensor weights, int bits, int group)
    {
        (_group, _most) = (group, (1 << bits - 1) - 1);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _first = (weights.abs().reshape(weights.shape[0], -1, group).mean([2], true) * (2 / Math.Sqrt(_most))).clamp_min(1e-8)
            .DetachFromDisposeScope();
        Relative = new Parameter(ones_like(_first).DetachFromDisposeScope());
    }

    /// <summary>Steps over what they began with, [rows, groups, 1].</summary>
    public Parameter Relative { get; }

    /// <summary>The matrix as its codes stand for it.</summary>
    public Tensor Of(Tensor weights)
    {
        using var scope = NewDisposeScope();
        var smaller = 1 / Math.Sqrt((double)_group * _most);
        var relative = Relative * smaller + (Relative * (1 - smaller)).detach();
        var step = _first * relative.abs().clamp_min(1e-4);
        var place = (weights.reshape(_first.shape[0], _first.shape[1], _group) / step).clamp(-_most, _most);
        var code = place + (place.round() - place).detach();
        return (code * step).reshape(weights.shape).MoveToOuterDisposeScope();
    }
}
