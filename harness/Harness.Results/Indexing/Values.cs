using Parquet;
using Parquet.Schema;

namespace Harness.Results.Indexing;

/// <summary>What a column of the index holds; every one may be null.</summary>
enum ValueKind { Text, Integer, Real, Truth, Time }

/// <summary>The values of one column in memory.</summary>
abstract class Values
{
    public abstract int Count { get; }
    public abstract object? this[int row] { get; set; }
    public abstract void Add(object? value);
    public abstract void AddAll(Values other);
    public abstract Values Pick(IReadOnlyList<int> rows);
    /// <summary>Null first, text by ordinal.</summary>
    public abstract int Compare(int row, int other);
    public abstract Task WriteAsync(ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellation);
    public abstract Task ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation);

    public static Values Of(ValueKind kind) => kind switch
    {
        ValueKind.Text => new TextValues(),
        ValueKind.Integer => new NumberValues<long>(),
        ValueKind.Real => new NumberValues<double>(),
        ValueKind.Truth => new NumberValues<bool>(),
        _ => new NumberValues<DateTime>(),
    };

    public static DataField Field(string name, ValueKind kind) => kind switch
    {
        ValueKind.Text => new DataField(name, typeof(string), isNullable: true),
        ValueKind.Integer => new DataField(name, typeof(long), isNullable: true),
        ValueKind.Real => new DataField(name, typeof(double), isNullable: true),
        ValueKind.Truth => new DataField(name, typeof(bool), isNullable: true),
        // Microseconds: several engines cannot read nanoseconds.
        _ => new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: true),
    };
}

/// <typeparam name="T">With its null, if it has one.</typeparam>
abstract class Values<T>(IComparer<T> comparer) : Values
{
    protected List<T> Items { get; private set; } = [];

    public override int Count => Items.Count;
    public override object? this[int row] { get => Items[row]; set => Items[row] = (T)value!; }
    public override void Add(object? value) => Items.Add((T)value!);
    public override void AddAll(Values other) => Items.AddRange(((Values<T>)other).Items);
    public override int Compare(int row, int other) => comparer.Compare(Items[row], Items[other]);

    public override Values Pick(IReadOnlyList<int> rows)
    {
        var picked = New();
        picked.Items = new List<T>(rows.Count);
        foreach (var row in rows) picked.Items.Add(Items[row]);
        return picked;
    }

    protected abstract Values<T> New();
}

sealed class TextValues() : Values<string?>(StringComparer.Ordinal)
{
    protected override Values<string?> New() => new TextValues();

    public override Task WriteAsync(ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellation) =>
        group.WriteAsync(field, (IReadOnlyCollection<string>)Items.GetRange(from, count)!);

    public override async Task ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        var read = new string?[group.RowCount];
        await group.ReadAsync(field, read!, cancellationToken: cancellation);
        Items.AddRange(read);
    }
}

sealed class NumberValues<T>() : Values<T?>(Comparer<T?>.Default) where T : struct
{
    protected override Values<T?> New() => new NumberValues<T>();

    public override Task WriteAsync(ParquetRowGroupWriter group, DataField field, int from, int count, CancellationToken cancellation) =>
        group.WriteAsync<T>(field, new ReadOnlyMemory<T?>([.. Items.GetRange(from, count)]), cancellationToken: cancellation);

    public override async Task ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellation)
    {
        var read = new T?[group.RowCount];
        await group.ReadAsync<T>(field, new Memory<T?>(read), cancellationToken: cancellation);
        Items.AddRange(read);
    }
}
