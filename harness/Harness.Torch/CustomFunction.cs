using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>
/// Frees what TorchSharp 0.107 keeps alive around a custom function of autograd: an empty copy of each output until the surrounding dispose
/// scope ends, and in the backward pass every gradient that came in or went out. Without it a training step holds the gradients of all
/// layers at once.
/// </summary>
public static class CustomFunction
{
    [ThreadStatic] static List<Tensor>? handedOut;

    /// <summary>Calls a function's <c>apply</c>.</summary>
    public static Tensor Apply(Func<object?[], Tensor> apply, params object?[] arguments)
    {
        using var scope = NewDisposeScope();
        return apply(arguments).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What a backward pass returns. The engine has taken its own reference by the time the next function hands gradients out; then these
    /// are let go of.
    /// </summary>
    public static List<Tensor> Gradients(params Tensor?[] gradients)
    {
        handedOut ??= [];
        foreach (var gradient in handedOut) gradient.Dispose();
        handedOut.Clear();
        foreach (var gradient in gradients.OfType<Tensor>()) handedOut.Add(gradient.DetachFromDisposeScope());
        // A null stands for an argument that is no tensor or needs no gradient.
        return [.. gradients.Select(gradient => gradient!)];
    }
}
