using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>
/// Tokens of a sequence, by STEP: four convolutions of 5 values with norm and neurons, widths D/8, D/4, D/2, D, strides 2, the first of
/// short sequences 1; averages of neighbours where more than 64 tokens are left; a convolution of 3 tokens as a relative position.
/// </summary>
sealed class SequenceConvolutions : Embedding
{
    const int Kernel = 5, LongSequence = 1024, MostTokens = 64;

    readonly ConvNeurons[] layers;
    readonly ConvNorm position;

    public SequenceConvolutions(InputShape input, int width, NeuronRules rules, OperationLedger ledger) : base("embedding")
    {
        int[] widths = [input.Channels, width / 8, width / 4, width / 2, width];
        var length = input.Grid.Columns;
        layers = new ConvNeurons[4];
        for (var index = 0; index < 4; index++)
        {
            var stride = index == 0 && length < LongSequence ? 1 : 2;
            var shape = new ConvShape(widths[index], widths[index + 1], Kernel, stride, Bias: true, Row: true, Pad: Pad(length, stride));
            length = shape.Places(new(1, length)).Columns;
            if (length < 1)
                throw new HarnessException($"A sequence of {input.Grid.Columns} values is too short for tokens; give 16 or more.");
            layers[index] = new($"tokens{index + 1}", shape, rules, ledger);
        }
        Length = length;
        position = new("position", new(width, width, Bias: true, Row: true), rules.Unit, ledger);
        Grid = new(1, Math.Min(length, MostTokens));
        Register(layers);
    }

    /// <summary>Tokens before neighbours are averaged.</summary>
    public int Length { get; }

    public override Grid Grid { get; }

    // So that a stride divides the length as evenly as it can.
    static int Pad(int length, int stride) => Math.Max(0, ((length / stride - 1) * stride + Kernel - length) / 2);

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = layers[0].Forward(input);
        foreach (var layer in layers[1..]) x = layer.forward(x);
        if (Length > MostTokens)
        {
            var pooled = nn.functional.adaptive_avg_pool1d(x.flatten(0, 1).squeeze(2), MostTokens);
            x = pooled.view([.. x.shape[..3], 1, MostTokens]);
        }
        return Tokens(x + position.forward(x)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = input;
        foreach (var layer in layers) x = layer.Draw(sketch, x);
        if (Length > MostTokens)
            x = sketch.Add(new("pool", CircuitOperation.Pool, [x.Name], [.. x.Without("column"), new("column", MostTokens)])
            { Detail = "average of neighbours" });
        return sketch.Tokens("tokens", x, position.Draw(sketch, x));
    }
}
