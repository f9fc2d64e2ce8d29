using Parquet;

namespace Harness.Results.Tables;

/// <summary><c>timings.parquet</c>: one row per timed call, in the order of the calls; durations in nanoseconds.</summary>
static class TimingTable
{
    public const string FileName = "timings.parquet";

    public static Task<byte[]> WriteAsync(IReadOnlyList<Timed> rows, CancellationToken cancellation) => Table.WriteAsync(
        [
            Column.Of("stage", rows.Select(row => row.Stage).ToArray()) with { Encoding = EncodingHint.Dictionary },
            Column.Of("operations", rows.Select(row => row.Operations).ToArray()) with { Encoding = EncodingHint.DeltaBinaryPacked },
            Column.Of("elapsed_ns", rows.Select(row => row.Nanoseconds).ToArray()) with { Encoding = EncodingHint.DeltaBinaryPacked },
        ],
        new(StringComparer.Ordinal) { ["schema"] = "timings 1" }, CompressionMethod.Zstd, cancellation);

    public static async Task<IReadOnlyList<Timed>> ReadAsync(byte[] content, CancellationToken cancellation)
    {
        await using var table = await Table.ReadAsync(content, cancellation);
        var stages = await table.TextsAsync("stage", cancellation);
        var operations = await table.ValuesAsync<int>("operations", cancellation);
        var elapsed = await table.ValuesAsync<long>("elapsed_ns", cancellation);
        return [.. stages.Select((stage, row) => new Timed(stage!, operations[row], elapsed[row]))];
    }
}
