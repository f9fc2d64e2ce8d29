using Suites.LlmEdge.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Networks;

/// <summary>Norm, causal attention, norm, gated feed-forward block; each half adds to the stream.</summary>
sealed class DecoderBlock : nn.Module
{
    readonly ModelShape _shape;

    /// <param name="weights">Makes a matrix of these rows and this width; the last argument says that its outputs add to the
    /// stream.</param>
    public DecoderBlock(ModelShape shape, Func<int, int, bool, Tensor> weights) : base("block")
    {
        _shape = shape;
        var (width, hidden) = (shape.Width, shape.Hidden);
        (Query, Key, Value, Output) = (new(weights(width, width, false)), new(weights(width, width, false)),
            new(weights(width, width, false)), new(weights(width, width, true)));
        (Gate, Up, Down) = (new(weights(hidden, width, false)), new(weights(hidden, width, false)), new(weights(width, hidden, true)));
        (AttentionNorm, FeedForwardNorm) = (new(ones(width)), new(ones(width)));
        RegisterComponents();
    }

    public Parameter Query { get; }
    public Parameter Key { get; }
    public Parameter Value { get; }
    public Parameter Output { get; }
    public Parameter Gate { get; }
    public Parameter Up { get; }
    public Parameter Down { get; }
    public Parameter AttentionNorm { get; }
    public Parameter FeedForwardNorm { get; }

    /// <summary>In the order of <see cref="Layer.Matrices"/>.</summary>
    public IReadOnlyList<Parameter> Matrices => [Query, Key, Value, Output, Gate, Up, Down];

    /// <summary>How the forward pass sees a matrix; null as it is.</summary>
    public Func<Parameter, Tensor>? View { get; set; }

    Tensor Seen(Parameter weights) => View?.Invoke(weights) ?? weights;

    /// <param name="stream">[sequences, positions, width].</param>
    /// <param name="observe">Sees the gates after their activation.</param>
    public Tensor Next(Tensor stream, Tensor turn, Action<Tensor>? observe)
    {
        using var scope = NewDisposeScope();
        var attended = stream + Attended(RootMeanSquare.Of(stream, AttentionNorm, _shape.Epsilon), turn);
        var normed = RootMeanSquare.Of(attended, FeedForwardNorm, _shape.Epsilon);
        var gates = Activated(nn.functional.linear(normed, Seen(Gate)));
        observe?.Invoke(gates);
        var ups = nn.functional.linear(normed, Seen(Up));
        var hidden = gates * (_shape.Gating == Gating.Drelu ? ups.relu() : ups);
        return (attended + nn.functional.linear(hidden, Seen(Down))).MoveToOuterDisposeScope();
    }

    Tensor Activated(Tensor gates) => _shape.Gating == Gating.Swiglu ? nn.functional.silu(gates) : gates.relu();

    Tensor Attended(Tensor normed, Tensor turn)
    {
        using var scope = NewDisposeScope();
        var (sequences, positions) = (normed.shape[0], normed.shape[1]);
        Tensor Heads(Parameter weights) => nn.functional.linear(normed, Seen(weights))
            .reshape(sequences, positions, _shape.Heads, _shape.HeadWidth).transpose(1, 2);
        var mixed = nn.functional.scaled_dot_product_attention(Rotations.Turned(Heads(Query), turn), Rotations.Turned(Heads(Key), turn),
            Heads(Value), is_casual: true);
        return nn.functional.linear(mixed.transpose(1, 2).reshape(sequences, positions, _shape.Width), Seen(Output))
            .MoveToOuterDisposeScope();
    }
}
