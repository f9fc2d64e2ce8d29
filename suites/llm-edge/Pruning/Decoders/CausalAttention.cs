using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Pruning.Decoders;

/// <summary>Attention of whole sequences, each position over itself and all before it, and its derivatives.</summary>
sealed class CausalAttention(ModelShape shape, int sequences, int length)
{
    readonly float _scale = 1 / MathF.Sqrt(shape.HeadWidth);

    /// <summary>Shares [sequence, head, position, position] and results [positions, width] of turned queries and keys.</summary>
    public (float[] Shares, float[] Results) Run(float[] queries, float[] keys, float[] values)
    {
        var (shares, results) = (new float[sequences * shape.Heads * length * length], new float[queries.Length]);
        for (var sequence = 0; sequence < sequences; sequence++)
            for (var head = 0; head < shape.Heads; head++)
                for (var now = 0; now < length; now++)
                {
                    var row = Row(shares, sequence, head, now);
                    for (var then = 0; then <= now; then++)
                        row[then] = _scale * Vectors.Dot(Query(queries, sequence, head, now), Shared(keys, sequence, head, then));
                    Vectors.SoftMax(row);
                    var result = Query(results, sequence, head, now);
                    for (var then = 0; then <= now; then++) Vectors.AddScaled(result, row[then], Shared(values, sequence, head, then));
                }
        return (shares, results);
    }

    /// <summary>Derivatives by turned queries, turned keys and values, from those by the results.</summary>
    public (float[] Queries, float[] Keys, float[] Values) Back(BlockTape tape, float[] errors)
    {
        float[] queries = new float[tape.Queries.Length], keys = new float[tape.Keys.Length], values = new float[tape.Values.Length];
        var slopes = new float[length];
        for (var sequence = 0; sequence < sequences; sequence++)
            for (var head = 0; head < shape.Heads; head++)
                for (var now = 0; now < length; now++)
                {
                    ReadOnlySpan<float> row = Row(tape.Shares, sequence, head, now), error = Query(errors, sequence, head, now);
                    var mean = 0f;
                    for (var then = 0; then <= now; then++)
                    {
                        slopes[then] = Vectors.Dot(error, Shared(tape.Values, sequence, head, then));
                        mean += row[then] * slopes[then];
                    }
                    for (var then = 0; then <= now; then++)
                    {
                        var slope = _scale * row[then] * (slopes[then] - mean);
                        Vectors.AddScaled(Query(queries, sequence, head, now), slope, Shared(tape.Keys, sequence, head, then));
                        Vectors.AddScaled(Shared(keys, sequence, head, then), slope, Query(tape.Queries, sequence, head, now));
                        Vectors.AddScaled(Shared(values, sequence, head, then), row[then], error);
                    }
                }
        return (queries, keys, values);
    }

    Span<float> Row(float[] shares, int sequence, int head, int now) =>
        shares.AsSpan(((sequence * shape.Heads + head) * length + now) * length, now + 1);

    Span<float> Query(float[] queries, int sequence, int head, int position) =>
        queries.AsSpan((sequence * length + position) * shape.Width + head * shape.HeadWidth, shape.HeadWidth);

    // Heads of a group share a key head.
    Span<float> Shared(float[] keys, int sequence, int head, int position) => keys.AsSpan((sequence * length + position) * shape.KeyWidth
        + head / (shape.Heads / shape.KeyHeads) * shape.HeadWidth, shape.HeadWidth);
}
