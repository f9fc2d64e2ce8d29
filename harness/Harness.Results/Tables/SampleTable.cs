using System.Text.Json;
using Parquet;

namespace Harness.Results.Tables;

/// <summary>
/// <c>samples.parquet</c>: one row per test sample. Predictions of one shape lie in typed columns (<c>prediction.class</c>),
/// others as canonical JSON text in <c>prediction</c>; the key-value metadata says which.
/// </summary>
static class SampleTable
{
    public const string FileName = "samples.parquet";
    const string ShapeKey = "prediction_shape";

    public static Task<byte[]> WriteAsync(IReadOnlyList<SampleRow> rows, CancellationToken cancellation)
    {
        List<Column> columns =
        [
            Column.Of("sample", rows.Select(row => row.Sample).ToArray()) with { Encoding = EncodingHint.DeltaBinaryPacked },
            Column.Of("target", rows.Select(row => row.Target).ToArray()) with { Encoding = EncodingHint.Dictionary },
            Column.Of("answer", rows.Select(row => row.Answer).ToArray()) with { Encoding = EncodingHint.Dictionary },
            Column.Of("correct", rows.Select(row => row.Correct).ToArray()),
        ];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["schema"] = "samples 1" };
        var shape = Shape.CommonOrNull([.. rows.Select(row => row.Prediction)]);
        var leaves = shape?.Names.Zip(shape.Leaves, Leaves.ColumnOrNull).ToArray();
        if (shape is not null && leaves!.All(leaf => leaf is not null))
        {
            metadata[ShapeKey] = shape.Template;
            columns.AddRange(leaves!);
        }
        else columns.Add(Column.Of("prediction", rows.Select(row => row.Prediction.GetRawText()).ToArray()) with { Encoding =
            EncodingHint.Dictionary });
        return Table.WriteAsync(columns, metadata, CompressionMethod.Zstd, cancellation);
    }

    public static async Task<IReadOnlyList<SampleRow>> ReadAsync(byte[] content, CancellationToken cancellation)
    {
        await using var table = await Table.ReadAsync(content, cancellation);
        var samples = await table.ValuesAsync<int>("sample", cancellation);
        var targets = await table.TextsAsync("target", cancellation);
        var answers = await table.TextsAsync("answer", cancellation);
        var correct = await table.NullablesAsync<bool>("correct", cancellation);
        var predictions = table.Metadata.TryGetValue(ShapeKey, out var template)
            ? await FromLeavesAsync(table, template, cancellation)
            : [.. (await table.TextsAsync("prediction", cancellation)).Select(text => JsonElement.Parse(text!))];
        return [.. samples.Select((sample, row) => new SampleRow(sample, targets[row]!, answers[row]!, correct[row], predictions[row]))];
    }

    static async Task<JsonElement[]> FromLeavesAsync(Table table, string template, CancellationToken cancellation)
    {
        var shape = JsonElement.Parse(template);
        var names = table.Names.Where(name => name == "prediction" || name.StartsWith("prediction.", StringComparison.Ordinal)).ToArray();
        var leaves = new List<Action<Utf8JsonWriter, int>>();
        foreach (var name in names) leaves.Add(await Leaves.WriterAsync(table, name, cancellation));
        using var bytes = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            for (var row = 0; row < table.Count; row++)
            {
                var at = row;
                Shape.Fill(shape, writer, leaf => leaves[leaf](writer, at));
            }
            writer.WriteEndArray();
        }
        return [.. JsonElement.Parse(bytes.ToArray()).EnumerateArray()];
    }
}
