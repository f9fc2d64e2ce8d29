using Harness.Torch;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Networks;

/// <summary>
/// The decoder of the engine once more, as tensors that can be trained: a llama with tied embedding, as many key heads as heads, and any
/// <see cref="Gating"/>. Weights go to the engine and come back without loss.
/// </summary>
sealed class DecoderNetwork : nn.Module<Tensor, Tensor>
{
    const double InitialDeviation = 0.02;

    readonly Tensor _turn;

    /// <summary>Fresh weights: normal, deviation 0.02, layers that add to the stream less by √(2 layers) (GPT-2).</summary>
    /// <exception cref="TrainingFailedException">The shape is not possible, or has fewer key heads than heads.</exception>
    public DecoderNetwork(ModelShape shape) : base("decoder")
    {
        if (shape.ProblemOrNull() is { } problem) throw new TrainingFailedException($"No decoder has this shape: {problem}.");
        if (shape.KeyHeads != shape.Heads || shape.Rotation != Rotation.Neighbours)
            throw new TrainingFailedException("A decoder is trained with as many key heads as heads, and neighbours that turn together.");
        Shape = shape;
        Embedding = new(Normal(shape.Vocabulary, shape.Width, InitialDeviation));
        FinalNorm = new(ones(shape.Width));
        Blocks = new([.. Enumerable.Range(0, shape.Layers).Select(_ => new DecoderBlock(shape,
            (rows, width, adds) => Normal(rows, width, InitialDeviation / (adds ? Math.Sqrt(2 * shape.Layers) : 1))))]);
        _turn = Rotations.Of(shape).DetachFromDisposeScope();
        RegisterComponents();
    }

    public ModelShape Shape { get; }
    public Parameter Embedding { get; }
    public Parameter FinalNorm { get; }
    public ModuleList<DecoderBlock> Blocks { get; }

    /// <summary>Logits [sequences, positions, vocabulary] of tokens [sequences, positions].</summary>
    public override Tensor forward(Tensor input) => Logits(input, null);

    /// <summary>As <see cref="forward"/>; <paramref name="observe"/> sees gates after their activation, block by block.</summary>
    public Tensor Logits(Tensor tokens, Action<Tensor>? observe)
    {
        using var scope = NewDisposeScope();
        var turn = _turn.narrow(0, 0, tokens.shape[1]);
        var stream = Embedding.index_select(0, tokens.reshape(-1)).reshape(tokens.shape[0], tokens.shape[1], Shape.Width);
        foreach (var block in Blocks) stream = block.Next(stream, turn, observe);
        return nn.functional.linear(RootMeanSquare.Of(stream, FinalNorm, Shape.Epsilon), Embedding).MoveToOuterDisposeScope();
    }

    /// <summary>The same decoder for the engine, matrices as 32-bit floats.</summary>
    public LanguageModel ToModel(ITokenizer tokenizer, string name)
    {
        using var quiet = no_grad();
        var memory = new List<IDisposable>();
        Kernels.Matrix Packed(Tensor weights) => ModelCopy.Packed(Files.Packing.F32, weights.data<float>().ToArray(),
            (int)weights.shape[0], (int)weights.shape[1], memory);
        var embedding = Packed(Embedding);
        var layers = Blocks.Select(block => new Layer(Packed(block.Query), Packed(block.Key), Packed(block.Value), Packed(block.Output),
            Packed(block.Gate), Packed(block.Up), Packed(block.Down), block.AttentionNorm.data<float>().ToArray(),
            block.FeedForwardNorm.data<float>().ToArray())).ToArray();
        return new(Shape, tokenizer, embedding, embedding, layers, FinalNorm.data<float>().ToArray(), memory) { Name = name };
    }

    /// <summary>The weights of a model of the engine, to train on or to take gradients of.</summary>
    /// <exception cref="TrainingFailedException">It has biases, another classifier than its embedding, or fewer key heads.</exception>
    public static DecoderNetwork Of(LanguageModel model)
    {
        if (!model.Tied || model.Layers.Any(layer => (layer.QueryBias ?? layer.KeyBias ?? layer.ValueBias) is not null))
            throw new TrainingFailedException("A model with biases or a classifier of its own cannot be trained here.");
        using var quiet = no_grad();
        var network = new DecoderNetwork(model.Shape);
        Copy(network.Embedding, model.Embedding.Unpacked());
        Copy(network.FinalNorm, model.FinalNorm);
        foreach (var (block, layer) in network.Blocks.Zip(model.Layers))
        {
            Copy(block.AttentionNorm, layer.AttentionNorm);
            Copy(block.FeedForwardNorm, layer.FeedForwardNorm);
            foreach (var (parameter, (_, matrix)) in block.Matrices.Zip(layer.Matrices)) Copy(parameter, matrix.Unpacked());
        }
        return network;

        static void Copy(Parameter to, float[] values)
        {
            using var own = OwnTensor.Of(values, to.shape);
            to.copy_(own);
        }
    }

    static Tensor Normal(long rows, long width, double deviation)
    {
        using var scope = NewDisposeScope();
        return (randn(rows, width) * deviation).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _turn.Dispose();
        base.Dispose(disposing);
    }
}
