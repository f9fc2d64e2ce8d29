using Suites.LlmEdge.Models;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Networks;

/// <summary>Rotary embedding (Su et al. 2021) as products of complex numbers: neighbours are real and imaginary part.</summary>
static class Rotations
{
    /// <summary>e^(i·position·θ^(-2j/d)), [context, pairs], complex.</summary>
    public static Tensor Of(ModelShape shape)
    {
        using var scope = NewDisposeScope();
        var half = shape.HeadWidth / 2;
        var steps = pow(shape.Base, arange(half, ScalarType.Float64) * (-2.0 / shape.HeadWidth));
        var angles = arange(shape.Context, ScalarType.Float64).outer(steps);
        return polar(ones_like(angles), angles).to(ScalarType.ComplexFloat32).MoveToOuterDisposeScope();
    }

    /// <summary>Turns heads [sequences, heads, positions, head width].</summary>
    /// <param name="turn">[positions, pairs].</param>
    public static Tensor Turned(Tensor heads, Tensor turn)
    {
        using var scope = NewDisposeScope();
        var shape = heads.shape;
        var pairs = view_as_complex(heads.reshape(shape[0], shape[1], shape[2], shape[3] / 2, 2));
        return view_as_real(pairs * turn).reshape(shape).MoveToOuterDisposeScope();
    }
}
