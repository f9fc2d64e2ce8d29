using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Harness.Publishing.Downloads;

/// <summary>
/// Writes columns as a Parquet file with one row group. Snappy, because a browser can read it without a further library; the same columns
/// give the same bytes.
/// </summary>
sealed class ParquetTable(string schema)
{
    readonly List<(DataField Field, bool Repeats, Func<ParquetRowGroupWriter, DataField, CancellationToken, Task> Write)> _columns = [];

    public ParquetTable Text(string name, string?[] values)
    {
        var repeats = values.Distinct().Take((values.Length / 4) + 2).Count() <= values.Length / 4;
        _columns.Add((new DataField(name, typeof(string), isNullable: true), repeats,
            async (group, field, _) => await group.WriteAsync(field, (IReadOnlyCollection<string>)values!)));
        return this;
    }

    public ParquetTable Number<T>(string name, T?[] values) where T : struct
    {
        _columns.Add((new DataField(name, typeof(T), isNullable: true), false,
            async (group, field, token) => await group.WriteAsync<T>(field, new ReadOnlyMemory<T?>(values), cancellationToken: token)));
        return this;
    }

    public async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy, CompressionLevel = CompressionLevel.Fastest };
        foreach (var (field, repeats, _) in _columns)
            if (repeats) options.ColumnEncodingHints[field.Name] = EncodingHint.Dictionary;
        var fields = new ParquetSchema(_columns.Select(column => column.Field));
        var writer = await ParquetWriter.CreateAsync(fields, stream, options, cancellationToken: cancellation);
        await using (writer)
        {
            writer.CustomMetadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["schema"] = schema };
            using var group = writer.CreateRowGroup();
            foreach (var (field, _, write) in _columns) await write(group, field, cancellation);
            group.CompleteValidate();
        }
    }
}
