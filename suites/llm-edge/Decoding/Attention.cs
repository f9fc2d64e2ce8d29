using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;

namespace Suites.LlmEdge.Decoding;

/// <summary>
/// Keys and values of all past tokens, and causal attention over them: heads of a group share a key head. Axes [layer, key head, position,
/// head width], 32-bit floats.
/// </summary>
sealed unsafe class Attention : IShared, IDisposable
{
    readonly ModelShape _shape;
    readonly int _context;
    readonly NativeBlock _keys, _values, _scores;
    readonly float _scale;
    readonly int? _bits;
    int _layer, _start;
    float* _queries, _results;

    /// <param name="bits">Of a stored number; null keeps floats.</param>
    public Attention(ModelShape shape, int context, int threads, int? bits = null)
    {
        (_shape, _context, _scale, _bits) = (shape, context, 1 / MathF.Sqrt(shape.HeadWidth), bits);
        if (bits is { } few) _ = Grid.Asymmetric(0, 1, few);
        var bytes = sizeof(float) * (long)shape.Layers * context * shape.KeyWidth;
        (_keys, _values, _scores) = (new(bytes), new(bytes), new(sizeof(float) * (long)threads * context));
    }

    public long Bytes => _keys.Bytes + _values.Bytes;

    public void Store(int layer, int position, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        for (var head = 0; head < _shape.KeyHeads; head++)
        {
            Store(key.Slice(head * _shape.HeadWidth, _shape.HeadWidth), At(_keys, layer, head, position));
            Store(value.Slice(head * _shape.HeadWidth, _shape.HeadWidth), At(_values, layer, head, position));
        }
    }

    void Store(ReadOnlySpan<float> x, Span<float> to)
    {
        x.CopyTo(to);
        if (_bits is not { } bits) return;
        var (low, high) = (0f, 0f);
        foreach (var value in x) (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        var grid = Grid.Asymmetric(low, high, bits);
        foreach (ref var value in to) value = (float)grid.Round(value);
    }

    /// <summary>results[token] of queries[token] for tokens at <paramref name="start"/> and after, each over itself and all before
    /// it.</summary>
    public void Run(Team team, int layer, int start, int tokens, float* queries, float* results)
    {
        (_layer, _start) = (layer, start);
        _queries = queries;
        _results = results;
        team.Run(this, tokens * _shape.Heads);
    }

    public void Run(int part, int worker)
    {
        var (token, head) = (part / _shape.Heads, part % _shape.Heads);
        var (width, length, shared) = (_shape.HeadWidth, _start + token + 1, head / (_shape.Heads / _shape.KeyHeads));
        var at = (long)token * _shape.Width + head * width;
        ReadOnlySpan<float> query = new(_queries + at, width);
        Span<float> result = new(_results + at, width);
        var scores = new Span<float>(_scores.Floats + (long)worker * _context, length);
        for (var position = 0; position < length; position++)
            scores[position] = _scale * Vectors.Dot(query, At(_keys, _layer, shared, position));
        Vectors.SoftMax(scores);
        result.Clear();
        for (var position = 0; position < length; position++)
            Vectors.AddScaled(result, scores[position], At(_values, _layer, shared, position));
    }

    Span<float> At(NativeBlock block, int layer, int head, int position) => new(block.Floats
        + (((long)layer * _shape.KeyHeads + head) * _context + position) * _shape.HeadWidth, _shape.HeadWidth);

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _scores.Dispose();
    }
}
