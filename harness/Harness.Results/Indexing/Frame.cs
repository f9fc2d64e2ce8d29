using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Harness.Results.Indexing;

/// <summary>Rows of one table in memory, column by column.</summary>
sealed class Frame(IndexTable table, IReadOnlyList<Values> columns)
{
    /// <summary>Small enough for a browser to fetch one alone, large enough to scan fast; part of the bytes of an index.</summary>
    public const int RowsPerGroup = 1 << 14;

    public Frame(IndexTable table) : this(table, [.. table.Columns.Select(column => Values.Of(column.Kind))]) { }

    public IndexTable Table { get; } = table;
    public int Count => columns[0].Count;
    public Values this[string column] => columns[Table.IndexOf(column)];

    public void Add(IReadOnlyList<object?> row)
    {
        for (var column = 0; column < columns.Count; column++) columns[column].Add(row[column]);
    }

    public void AddAll(Frame other)
    {
        for (var column = 0; column < columns.Count; column++) columns[column].AddAll(other[Table.Columns[column].Name]);
    }

    public Frame Pick(IReadOnlyList<int> rows) => new(Table, [.. columns.Select(column => column.Pick(rows))]);

    public Frame Where(Func<int, bool> keep) => Pick([.. Enumerable.Range(0, Count).Where(keep)]);

    /// <summary>In the order of the table's key.</summary>
    public Frame Sorted()
    {
        var key = Table.Key.Select(name => this[name]).ToArray();
        var rows = Enumerable.Range(0, Count).ToArray();
        Array.Sort(rows, (row, other) =>
        {
            foreach (var column in key)
                if (column.Compare(row, other) is var order and not 0) return order;
            return row - other;
        });
        return Pick(rows);
    }

    /// <summary>The same rows give the same bytes. Snappy, because a browser can read it.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellation)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy, CompressionLevel = CompressionLevel.Optimal };
        var fields = Table.Columns.Select(column => Values.Field(column.Name, column.Kind)).ToArray();
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        await using var ignored = stream;
        var schema = new ParquetSchema(fields);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, options, cancellationToken: cancellation);
        writer.CustomMetadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["schema_version"] = $"{IndexTables.Version}", ["table"] = Table.Name,
        };
        for (var from = 0; from < Count; from += RowsPerGroup)
        {
            using var group = writer.CreateRowGroup();
            var count = Math.Min(RowsPerGroup, Count - from);
            for (var column = 0; column < columns.Count; column++)
                await columns[column].WriteAsync(group, fields[column], from, count, cancellation);
            group.CompleteValidate();
        }
    }

    /// <summary>Reads the columns of a table; no other column is decoded.</summary>
    /// <param name="table">May leave columns of the file out.</param>
    public static async Task<Frame> ReadAsync(string path, IndexTable table, CancellationToken cancellation)
    {
        var frame = new Frame(table);
        await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: cancellation);
        var fields = reader.Schema.DataFields.ToDictionary(field => field.Name, StringComparer.Ordinal);
        for (var at = 0; at < reader.RowGroupCount; at++)
        {
            using var group = reader.OpenRowGroupReader(at);
            foreach (var column in table.Columns) await frame[column.Name].ReadAsync(group, fields[column.Name], cancellation);
        }
        return frame;
    }
}
