using Parquet;
using Parquet.Schema;

namespace Harness.Results.Tables;

/// <summary>One column of a Parquet table with all its values.</summary>
abstract record Column(DataField Field, int Count)
{
    public EncodingHint Encoding { get; init; }
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation);

    public static Column Of<T>(string name, T[] values) where T : struct => new ValueColumn<T>(name, values);
    public static Column Of<T>(string name, T?[] values) where T : struct => new NullableColumn<T>(name, values);
    public static Column Of(string name, string?[] values) => new TextColumn(name, values);
}

sealed record ValueColumn<T>(string Name, T[] Values)
    : Column(new DataField(Name, typeof(T), isNullable: false), Values.Length) where T : struct
{
    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) =>
        await group.WriteAsync<T>(Field, Values.AsMemory(), cancellationToken: cancellation);
}

sealed record NullableColumn<T>(string Name, T?[] Values)
    : Column(new DataField(Name, typeof(T), isNullable: true), Values.Length) where T : struct
{
    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) =>
        await group.WriteAsync<T>(Field, new ReadOnlyMemory<T?>(Values), cancellationToken: cancellation);
}

sealed record TextColumn(string Name, string?[] Values) : Column(new DataField(Name, typeof(string), isNullable: true), Values.Length)
{
    public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation) =>
        await group.WriteAsync(Field, (IReadOnlyCollection<string>)Values!);
}
