using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Pruning.Decoders;

/// <summary>
/// Sequences of one length on their way through a decoder and back: the same computation as <see cref="Decoder"/>, of all positions at
/// once. The loss of a sequence is Σ -ln p(token | tokens before it), so that the Fisher matrix is that of the sequence.
/// </summary>
sealed class DecoderPass
{
    readonly DenseDecoder _decoder;
    readonly DenseProduct _product;
    readonly CausalAttention _attention;
    readonly RotaryTable _rotary;
    readonly int[] _tokens, _next;
    readonly int _length;
    readonly BlockTape?[] _tapes;
    float[] _stream = [], _normed = [], _slopes = [];

    /// <param name="sequences">Of equal lengths; of each token but the first it is asked how well it was foreseen.</param>
    public DecoderPass(DenseDecoder decoder, DenseProduct product, IReadOnlyList<int[]> sequences)
    {
        (_decoder, _product, _length, Sequences) = (decoder, product, sequences[0].Length - 1, sequences.Count);
        (_tokens, _next) = ([.. sequences.SelectMany(sequence => sequence[..^1])], [.. sequences.SelectMany(sequence => sequence[1..])]);
        (_attention, _rotary) = (new(decoder.Shape, Sequences, _length), new(decoder.Shape, _length));
        _tapes = new BlockTape?[decoder.Blocks.Count];
    }

    public int Sequences { get; }

    int Positions => _tokens.Length;

    /// <summary>First position of each sequence, and the number of positions at the end.</summary>
    public int[] Starts => [.. Enumerable.Range(0, Sequences + 1).Select(sequence => sequence * _length)];

    /// <summary>The mean of the losses of sequences.</summary>
    public double Forward()
    {
        var width = _decoder.Shape.Width;
        _stream = new float[Positions * width];
        for (var place = 0; place < Positions; place++)
            _decoder.Embedding.AsSpan(_tokens[place] * width, width).CopyTo(_stream.AsSpan(place * width));
        for (var index = 0; index < _tapes.Length; index++) _tapes[index] = Through(_decoder.Blocks[index]);
        _normed = Normed(_stream, _decoder.FinalNorm);
        return Score() / Sequences;
    }

    /// <summary>
    /// What each layer was given and the derivatives of each sequence's loss by what it gave, [positions, width] and [positions, rows],
    /// after <see cref="Forward"/>, the last layer first. They hold until the next layer is asked for.
    /// </summary>
    public IEnumerable<(PrunedLayer Layer, float[] Inputs, float[] Errors)> Back()
    {
        var width = _decoder.Shape.Width;
        var stream = new float[Positions * width];
        AddNormBack(_stream, _decoder.FinalNorm, Times(_slopes, _decoder.Classifier, _decoder.Shape.Vocabulary, width), stream);
        for (var index = _tapes.Length - 1; index >= 0; index--)
            foreach (var layer in BackThrough(_decoder.Blocks[index], _tapes[index]!, stream)) yield return layer;
    }

    BlockTape Through(DenseBlock block)
    {
        var attentionIn = Normed(_stream, block.AttentionNorm);
        float[] queries = Of(attentionIn, block.Query), keys = Of(attentionIn, block.Key), values = Of(attentionIn, block.Value);
        Turn(queries, _decoder.Shape.Width, back: false);
        Turn(keys, _decoder.Shape.KeyWidth, back: false);
        var (shares, attended) = _attention.Run(queries, keys, values);
        var input = _stream;
        var middle = Sum(input, Of(attended, block.Output));
        var feedForwardIn = Normed(middle, block.FeedForwardNorm);
        float[] gates = Of(feedForwardIn, block.Gate), ups = Of(feedForwardIn, block.Up), hidden = new float[gates.Length];
        Vectors.Gate(_decoder.Shape.Gating, gates, ups, hidden);
        _stream = Sum(middle, Of(hidden, block.Down));
        return new()
        {
            Input = input, AttentionIn = attentionIn, Queries = queries, Keys = keys, Values = values, Shares = shares, Attended = attended,
            Middle = middle, FeedForwardIn = feedForwardIn, Gates = gates, Ups = ups, Hidden = hidden,
        };
    }

    // The logits' derivatives, p - 1[next], stay behind for the way back.
    double Score()
    {
        var (vocabulary, sum) = (_decoder.Shape.Vocabulary, 0.0);
        _slopes = new float[Positions * vocabulary];
        _product.Run(_decoder.Classifier, vocabulary, _decoder.Shape.Width, _normed, Positions, _slopes);
        for (var place = 0; place < Positions; place++)
        {
            var line = _slopes.AsSpan(place * vocabulary, vocabulary);
            var logit = line[_next[place]];
            sum += Vectors.SoftMax(line) - logit;
            line[_next[place]] -= 1;
        }
        return sum;
    }

    // The stream's derivatives go from those behind the block to those before it.
    IEnumerable<(PrunedLayer, float[], float[])> BackThrough(DenseBlock block, BlockTape tape, float[] stream)
    {
        yield return (block.Down, tape.Hidden, stream);
        var (gates, ups) = GateBack(tape, Times(stream, block.Down));
        yield return (block.Up, tape.FeedForwardIn, ups);
        yield return (block.Gate, tape.FeedForwardIn, gates);
        AddNormBack(tape.Middle, block.FeedForwardNorm, Sum(Times(gates, block.Gate), Times(ups, block.Up)), stream);
        yield return (block.Output, tape.Attended, stream);
        var (queries, keys, values) = _attention.Back(tape, Times(stream, block.Output));
        Turn(queries, _decoder.Shape.Width, back: true);
        Turn(keys, _decoder.Shape.KeyWidth, back: true);
        yield return (block.Value, tape.AttentionIn, values);
        yield return (block.Key, tape.AttentionIn, keys);
        yield return (block.Query, tape.AttentionIn, queries);
        AddNormBack(tape.Input, block.AttentionNorm,
            Sum(Sum(Times(queries, block.Query), Times(keys, block.Key)), Times(values, block.Value)), stream);
    }

    (float[] Gates, float[] Ups) GateBack(BlockTape tape, float[] hidden)
    {
        var (gates, ups) = (new float[hidden.Length], new float[hidden.Length]);
        for (var i = 0; i < hidden.Length; i++)
        {
            var (gate, up) = (tape.Gates[i], tape.Ups[i]);
            var sigmoid = 1 / (1 + MathF.Exp(-gate));
            var (open, slope, upSlope) = _decoder.Shape.Gating switch
            {
                Gating.Swiglu => (gate * sigmoid, sigmoid * (1 + gate * (1 - sigmoid)), 1f),
                Gating.Reglu => (MathF.Max(gate, 0), gate > 0 ? 1f : 0, 1f),
                _ => (MathF.Max(gate, 0), gate > 0 ? 1f : 0, up > 0 ? 1f : 0),
            };
            (gates[i], ups[i]) = (hidden[i] * slope * up * upSlope, hidden[i] * open * upSlope);
        }
        return (gates, ups);
    }

    float[] Of(float[] inputs, PrunedLayer layer)
    {
        var outputs = new float[Positions * layer.Rows];
        _product.Run(layer.Values, layer.Rows, layer.Width, inputs, Positions, outputs);
        return outputs;
    }

    float[] Times(float[] errors, PrunedLayer layer) => Times(errors, layer.Values, layer.Rows, layer.Width);

    float[] Times(float[] errors, float[] weights, int rows, int width)
    {
        var (turned, results) = (new float[weights.Length], new float[Positions * width]);
        DenseProduct.Transpose(weights, rows, width, turned);
        _product.Run(turned, width, rows, errors, Positions, results);
        return results;
    }

    float[] Normed(float[] stream, float[] weight)
    {
        var (normed, width) = (new float[stream.Length], weight.Length);
        for (var at = 0; at < stream.Length; at += width)
            Vectors.RootMeanSquare(stream.AsSpan(at, width), weight, _decoder.Shape.Epsilon, normed.AsSpan(at, width));
        return normed;
    }

    // y = w x r, r = (mean x² + ε)^-½: the derivative by x is r w e - x r³ mean(w e x).
    void AddNormBack(float[] inputs, float[] weight, float[] errors, float[] to)
    {
        var (width, scaled) = (weight.Length, new float[weight.Length]);
        for (var at = 0; at < inputs.Length; at += width)
        {
            var x = inputs.AsSpan(at, width);
            for (var i = 0; i < width; i++) scaled[i] = weight[i] * errors[at + i];
            var rate = 1 / MathF.Sqrt(Vectors.Dot(x, x) / width + _decoder.Shape.Epsilon);
            Vectors.AddScaled(to.AsSpan(at, width), rate, scaled);
            Vectors.AddScaled(to.AsSpan(at, width), -rate * rate * rate * Vectors.Dot(scaled, x) / width, x);
        }
    }

    void Turn(float[] heads, int width, bool back)
    {
        for (var place = 0; place < Positions; place++) _rotary.Turn(heads.AsSpan(place * width, width), place % _length, back);
    }

    static float[] Sum(float[] a, float[] b)
    {
        float[] sum = [.. a];
        Vectors.AddScaled(sum, 1, b);
        return sum;
    }
}
