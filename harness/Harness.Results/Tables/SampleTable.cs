using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
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
    const string TargetsKey = "targets_sha256";
    const string ProtocolKey = "protocol_sha256";

    /// <param name="protocol">Hash of the dataset card; stored with the hash of the targets, so that a run that was scored against
    /// another test split can be told.</param>
    public static Task<byte[]> WriteAsync(IReadOnlyList<SampleRow> rows, string? protocol, CancellationToken cancellation)
    {
        List<Column> columns =
        [
            Column.Of("sample", rows.Select(row => row.Sample).ToArray()) with { Encoding = EncodingHint.DeltaBinaryPacked },
            Column.Of("target", rows.Select(row => row.Target).ToArray()) with { Encoding = EncodingHint.Dictionary },
            Column.Of("answer", rows.Select(row => row.Answer).ToArray()) with { Encoding = EncodingHint.Dictionary },
            Column.Of("correct", rows.Select(row => row.Correct).ToArray()),
        ];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["schema"] = "samples 1.1", [TargetsKey] = Targets(rows) };
        if (protocol is not null) metadata[ProtocolKey] = protocol;
        var shape = Shape.CommonOrNull([.. rows.Select(row => row.Prediction)]);
        var leaves = shape?.Names.Zip(shape.Leaves, Leaves.ColumnOrNull).ToArray();
        if (shape is not null && leaves!.All(leaf => leaf is not null))
        {
            metadata[ShapeKey] = shape.Template;
            columns.AddRange(leaves!);
        }
        else columns.Add(Column.Of("prediction", rows.Select(row => row.Prediction.GetRawText()).ToArray())
            with { Encoding = EncodingHint.Dictionary });
        return Table.WriteAsync(columns, metadata, CompressionMethod.Zstd, cancellation);
    }

    /// <summary>SHA-256 over every row in order: sample and length of the target in bytes (int32, little-endian), target in
    /// UTF-8.</summary>
    public static string Targets(IReadOnlyList<SampleRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[8];
        foreach (var row in rows)
        {
            var target = Encoding.UTF8.GetBytes(row.Target);
            BinaryPrimitives.WriteInt32LittleEndian(numbers, row.Sample);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], target.Length);
            hash.AppendData(numbers);
            hash.AppendData(target);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The hashes of targets and protocol when the run was stored; null in tables from before there were any.</summary>
    public static async Task<(string? Targets, string? Protocol)> HashesAsync(byte[] content, CancellationToken cancellation)
    {
        await using var table = await Table.ReadAsync(content, cancellation);
        return (table.Metadata.GetValueOrDefault(TargetsKey), table.Metadata.GetValueOrDefault(ProtocolKey));
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
