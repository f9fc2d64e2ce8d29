using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Harness.Results.Tables;

/// <summary>A Parquet file in memory: written from columns in one row group, or read column by column.</summary>
sealed class Table : IAsyncDisposable
{
    readonly ParquetReader _reader;
    readonly ParquetRowGroupReader _rows;

    Table(ParquetReader reader) => (_reader, _rows) = (reader, reader.OpenRowGroupReader(0));

    public int Count => (int)_rows.RowCount;
    public IReadOnlyDictionary<string, string> Metadata => _reader.CustomMetadata;
    public IEnumerable<string> Names => _reader.Schema.DataFields.Select(column => column.Name);

    /// <summary>The same columns and metadata give the same bytes. At an explicit level: the library's default is the slowest.</summary>
    public static async Task<byte[]> WriteAsync(IReadOnlyList<Column> columns, Dictionary<string, string> metadata,
        CompressionMethod compression, CancellationToken cancellation)
    {
        var options = new ParquetOptions { CompressionMethod = compression, CompressionLevel = CompressionLevel.Optimal };
        foreach (var column in columns)
            if (column.Encoding != EncodingHint.Default) options.ColumnEncodingHints[column.Field.Name] = column.Encoding;
        using var bytes = new MemoryStream();
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => column.Field)), bytes, options,
            cancellationToken: cancellation);
        await using (writer)
        {
            writer.CustomMetadata = metadata;
            using var group = writer.CreateRowGroup();
            foreach (var column in columns) await column.WriteAsync(group, cancellation);
            group.CompleteValidate();
        }
        return bytes.ToArray();
    }

    public static async Task<Table> ReadAsync(byte[] content, CancellationToken cancellation) =>
        new(await ParquetReader.CreateAsync(new MemoryStream(content), cancellationToken: cancellation));

    public DataField Field(string name) => _reader.Schema.DataFields.FirstOrDefault(column => column.Name == name)
        ?? throw new InvalidDataException($"the column '{name}' is missing");

    public async Task<T[]> ValuesAsync<T>(string name, CancellationToken cancellation) where T : struct
    {
        var values = new T[Count];
        await _rows.ReadAsync<T>(Field(name), values.AsMemory(), cancellationToken: cancellation);
        return values;
    }

    public async Task<T?[]> NullablesAsync<T>(string name, CancellationToken cancellation) where T : struct
    {
        var values = new T?[Count];
        await _rows.ReadAsync<T>(Field(name), new Memory<T?>(values), cancellationToken: cancellation);
        return values;
    }

    public async Task<string?[]> TextsAsync(string name, CancellationToken cancellation)
    {
        var values = new string?[Count];
        await _rows.ReadAsync(Field(name), values!, cancellationToken: cancellation);
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        _rows.Dispose();
        await _reader.DisposeAsync();
    }
}
