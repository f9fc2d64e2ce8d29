using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Networks;

/// <summary>x / √(mean x² + ε) · weight over the last axis.</summary>
static class RootMeanSquare
{
    public static Tensor Of(Tensor x, Tensor weight, double epsilon)
    {
        using var scope = NewDisposeScope();
        return (x * (x.square().mean([-1], true) + epsilon).rsqrt() * weight).MoveToOuterDisposeScope();
    }
}
