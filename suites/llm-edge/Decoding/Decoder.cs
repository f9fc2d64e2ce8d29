using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Decoding;

/// <summary>Sees the logits after token <paramref name="index"/> of those appended.</summary>
public delegate void LogitsObserver(int index, ReadOnlySpan<float> logits);

/// <summary>
/// Computes a decoder-only transformer token by token, or several at once: norm, attention with rotary embedding and grouped heads, norm,
/// a gated feed-forward block. It remembers the keys and values of all tokens it was given. After construction it allocates nothing.
/// Not thread-safe.
/// </summary>
public sealed unsafe class Decoder : IDisposable
{
    readonly LanguageModel _model;
    readonly ModelShape _shape;
    readonly Team _team;
    readonly Product _product;
    readonly Attention _attention;
    readonly RotaryTable _rotary;
    readonly Panel _normed, _attended, _hidden, _last;
    readonly NativeBlock _stream, _queries, _keys, _values, _gates, _ups, _sums, _logits;
    readonly int _batch;
    bool _disposed;

    /// <exception cref="HarnessException">An option is not possible.</exception>
    public Decoder(LanguageModel model, DecoderOptions options)
    {
        (_model, _shape, Context) = (model, model.Shape, options.Context ?? model.Shape.Context);
        if (Context < 1 || Context > _shape.Context)
            throw new HarnessException($"A context of {Context} is not possible; this model allows 1 to {_shape.Context}.");
        if (options.Batch < 1) throw new HarnessException($"A batch of {options.Batch} is not possible; give at least 1.");
        _batch = Math.Min(options.Batch, Context);
        _product = new(options.Instructions ?? MatrixKernel.Best);
        _team = new(options.Threads);
        (_attention, _rotary) = (new(_shape, Context, _team.Threads, options.CacheBits), new(_shape, Context));
        (_normed, _attended, _hidden, _last) =
            (new(_shape.Width, _batch), new(_shape.Width, _batch), new(_shape.Hidden, _batch), new(_shape.Width, 1));
        (_stream, _queries, _sums) = (Floats(_shape.Width), Floats(_shape.Width), Floats(_shape.Width));
        (_keys, _values, _gates, _ups) = (Floats(_shape.KeyWidth), Floats(_shape.KeyWidth), Floats(_shape.Hidden), Floats(_shape.Hidden));
        _logits = new(sizeof(float) * (long)_shape.Vocabulary);
    }

    public int Context { get; }

    /// <summary>How many tokens it has been given since the last <see cref="Reset"/>.</summary>
    public int Position { get; private set; }

    /// <summary>Sees the inputs of every linear layer, and may round them: how quantizers are calibrated and activations rounded.</summary>
    internal Action<Matrix, Panel>? Watch { init => _product.Watch = value; }

    /// <summary>Computes the feed-forward layers of a token that comes alone; null leaves them to the decoder.</summary>
    internal IFeedForward? OneByOne { get; init; }

    /// <summary>Bytes of keys and values it can hold.</summary>
    public long CacheBytes => _attention.Bytes;

    /// <summary>Forgets all tokens from <paramref name="position"/> on.</summary>
    public void Reset(int position = 0) => Position = position >= 0 && position <= Position ? position
        : throw new ArgumentOutOfRangeException(nameof(position), position, $"there are {Position} tokens to keep");

    /// <summary>Takes tokens; returns the logits [vocabulary] after the last of them, which hold until the next call.</summary>
    /// <exception cref="HarnessException">No tokens, one outside the vocabulary, or more than the context holds.</exception>
    public ReadOnlySpan<float> Append(params ReadOnlySpan<int> tokens)
    {
        Check(tokens);
        for (; tokens.Length > _batch; tokens = tokens[_batch..]) Pass(tokens[.._batch]);
        Pass(tokens);
        return Logits(tokens.Length - 1);
    }

    /// <summary>Takes tokens and shows the logits after each of them.</summary>
    /// <exception cref="HarnessException">No tokens, one outside the vocabulary, or more than the context holds.</exception>
    public void Append(ReadOnlySpan<int> tokens, LogitsObserver observer)
    {
        Check(tokens);
        for (var first = 0; first < tokens.Length; first += _batch)
        {
            var batch = tokens[first..Math.Min(first + _batch, tokens.Length)];
            Pass(batch);
            for (var i = 0; i < batch.Length; i++) observer(first + i, Logits(i));
        }
    }

    void Check(ReadOnlySpan<int> tokens)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length == 0) throw new HarnessException("There are no tokens to append; give at least one.");
        if (tokens.Length > Context - Position)
            throw new HarnessException($"{tokens.Length} tokens do not fit: the context holds {Context}, of which {Position} are taken.");
        foreach (var token in tokens)
            if (token < 0 || token >= _shape.Vocabulary)
                throw new HarnessException($"Token {token} is not in the vocabulary of {_shape.Vocabulary}.");
    }

    void Pass(ReadOnlySpan<int> tokens)
    {
        for (var i = 0; i < tokens.Length; i++) _model.Embedding.Unpack(tokens[i], Row(_stream, i, _shape.Width));
        for (var layer = 0; layer < _model.Layers.Count; layer++)
        {
            Attend(_model.Layers[layer], layer, tokens.Length);
            FeedForward(_model.Layers[layer], layer, tokens.Length);
        }
        Position += tokens.Length;
    }

    void Attend(Layer layer, int index, int tokens)
    {
        Norm(layer.AttentionNorm, tokens);
        _product.Begin(_normed);
        _product.Add(layer.Query, _queries.Floats);
        _product.Add(layer.Key, _keys.Floats);
        _product.Add(layer.Value, _values.Floats);
        _product.Finish(_team);
        for (var i = 0; i < tokens; i++)
        {
            Span<float> query = Row(_queries, i, _shape.Width), key = Row(_keys, i, _shape.KeyWidth), value = Row(_values, i,
                _shape.KeyWidth);
            Add(query, layer.QueryBias);
            Add(key, layer.KeyBias);
            Add(value, layer.ValueBias);
            _rotary.Turn(query, Position + i);
            _rotary.Turn(key, Position + i);
            _attention.Store(index, Position + i, key, value);
        }
        _attention.Run(_team, index, Position, tokens, _queries.Floats, _attended.Pointer);
        _attended.Changed(tokens);
        _product.Run(_team, _attended, layer.Output, _sums.Floats);
        AddToStream(tokens);
    }

    void FeedForward(Layer layer, int index, int tokens)
    {
        Norm(layer.FeedForwardNorm, tokens);
        if (tokens == 1 && OneByOne is not null)
        {
            OneByOne.One(index, _normed.Token(0), Row(_sums, 0, _shape.Width));
            AddToStream(1);
            return;
        }
        OneByOne?.Several(index, tokens);
        _product.Begin(_normed);
        _product.Add(layer.Gate, _gates.Floats);
        _product.Add(layer.Up, _ups.Floats);
        _product.Finish(_team);
        for (var i = 0; i < tokens; i++)
            Vectors.Gate(_shape.Gating, Row(_gates, i, _shape.Hidden), Row(_ups, i, _shape.Hidden), _hidden.Token(i));
        _hidden.Changed(tokens);
        _product.Run(_team, _hidden, layer.Down, _sums.Floats);
        AddToStream(tokens);
    }

    void Norm(float[] weight, int tokens)
    {
        for (var i = 0; i < tokens; i++)
            Vectors.RootMeanSquare(Row(_stream, i, _shape.Width), weight, _shape.Epsilon, _normed.Token(i));
        _normed.Changed(tokens);
    }

    void AddToStream(int tokens) =>
        Vectors.AddScaled(new(_stream.Floats, tokens * _shape.Width), 1, new(_sums.Floats, tokens * _shape.Width));

    static void Add(Span<float> to, float[]? bias)
    {
        if (bias is not null) Vectors.AddScaled(to, 1, bias);
    }

    ReadOnlySpan<float> Logits(int token)
    {
        Vectors.RootMeanSquare(Row(_stream, token, _shape.Width), _model.FinalNorm, _shape.Epsilon, _last.Token(0));
        _last.Changed(1);
        _product.Run(_team, _last, _model.Classifier, _logits.Floats);
        return new(_logits.Floats, _shape.Vocabulary);
    }

    NativeBlock Floats(int width) => new(sizeof(float) * (long)width * _batch);

    static Span<float> Row(NativeBlock block, int row, int width) => new(block.Floats + (long)row * width, width);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _team.Dispose();
        _attention.Dispose();
        foreach (var panel in new[] { _normed, _attended, _hidden, _last }) panel.Dispose();
        foreach (var block in new[] { _stream, _queries, _keys, _values, _gates, _ups, _sums, _logits }) block.Dispose();
    }
}
