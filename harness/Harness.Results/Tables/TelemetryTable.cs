using Parquet;

namespace Harness.Results.Tables;

/// <summary><c>telemetry.parquet</c>: one row per look at a sensor; no value where it gave none that can be believed.</summary>
static class TelemetryTable
{
    public const string FileName = "telemetry.parquet";
    const double NanosecondsPerSecond = 1e9;

    public static Task<byte[]> WriteAsync(IReadOnlyList<SensorTrace> traces, CancellationToken cancellation)
    {
        var rows = traces.SelectMany(trace => trace.Seconds.Zip(trace.Values, (seconds, value) => (trace, seconds, value))).ToArray();
        return Table.WriteAsync(
            [
                Column.Of("sensor", rows.Select(row => row.trace.Sensor).ToArray()) with { Encoding = EncodingHint.Dictionary },
                Column.Of("quantity", rows.Select(row => row.trace.Quantity).ToArray()) with { Encoding = EncodingHint.Dictionary },
                Column.Of("unit", rows.Select(row => row.trace.Unit).ToArray()) with { Encoding = EncodingHint.Dictionary },
                Column.Of("t_ns", rows.Select(row => (long)Math.Round(row.seconds * NanosecondsPerSecond)).ToArray())
                    with { Encoding = EncodingHint.DeltaBinaryPacked },
                Column.Of("value", rows.Select(row => row.value).ToArray()),
            ],
            new(StringComparer.Ordinal) { ["schema"] = "telemetry 1" }, CompressionMethod.Zstd, cancellation);
    }

    public static async Task<IReadOnlyList<SensorTrace>> ReadAsync(byte[] content, CancellationToken cancellation)
    {
        await using var table = await Table.ReadAsync(content, cancellation);
        var sensors = await table.TextsAsync("sensor", cancellation);
        var quantities = await table.TextsAsync("quantity", cancellation);
        var units = await table.TextsAsync("unit", cancellation);
        var times = await table.ValuesAsync<long>("t_ns", cancellation);
        var values = await table.NullablesAsync<double>("value", cancellation);
        return [.. Enumerable.Range(0, times.Length).GroupBy(row => (Sensor: sensors[row]!, Quantity: quantities[row]!, Unit: units[row]!))
            .Select(rows => new SensorTrace(rows.Key.Sensor, rows.Key.Quantity, rows.Key.Unit,
                [.. rows.Select(row => times[row] / NanosecondsPerSecond)], [.. rows.Select(row => values[row])]))];
    }
}
