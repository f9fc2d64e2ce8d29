using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Harness.Results.Tables;

/// <summary>JSON leaves as typed columns and back, only where every value comes back as the same JSON value.</summary>
static class Leaves
{
    /// <summary>The narrowest of bool, int, long, float, double and text that holds every value exactly; null when none does.</summary>
    public static Column? ColumnOrNull(string name, JsonElement[] leaves)
    {
        var kinds = leaves.Select(leaf => leaf.ValueKind == JsonValueKind.False ? JsonValueKind.True : leaf.ValueKind)
            .Where(kind => kind != JsonValueKind.Null).Distinct().ToArray();
        return kinds switch
        {
            [] => Column.Of(name, new string?[leaves.Length]),
            [JsonValueKind.True] => Typed(name, leaves, leaf => leaf.GetBoolean()),
            [JsonValueKind.String] when leaves.Any(HasSurrogateEscape) => null,
            [JsonValueKind.String] => Column.Of(name, leaves.Select(leaf => leaf.GetString()).ToArray())
                with { Encoding = EncodingHint.Dictionary },
            [JsonValueKind.Number] => Number(name, leaves),
            _ => null,
        };
    }

    static Column? Number(string name, JsonElement[] leaves)
    {
        var present = leaves.Where(leaf => leaf.ValueKind != JsonValueKind.Null).ToArray();
        if (present.All(leaf => leaf.TryGetInt32(out _) && IsPlainInteger(leaf))) return Typed(name, leaves, leaf => leaf.GetInt32());
        if (present.All(leaf => leaf.TryGetInt64(out _) && IsPlainInteger(leaf))) return Typed(name, leaves, leaf => leaf.GetInt64());
        if (present.All(IsFloat)) return Typed(name, leaves, leaf => leaf.GetSingle());
        return present.All(leaf => double.IsFinite(leaf.GetDouble())) ? Typed(name, leaves, leaf => leaf.GetDouble()) : null;
    }

    static Column Typed<T>(string name, JsonElement[] leaves, Func<JsonElement, T> read) where T : struct =>
        leaves.Any(leaf => leaf.ValueKind == JsonValueKind.Null)
        ? Column.Of(name, leaves.Select(leaf => leaf.ValueKind == JsonValueKind.Null ? (T?)null : read(leaf)).ToArray())
        : Column.Of(name, leaves.Select(read).ToArray());

    // An escaped lone surrogate is valid JSON but no valid text; such predictions stay as they came.
    static bool HasSurrogateEscape(JsonElement leaf) => leaf.GetRawText().Contains("\\ud", StringComparison.OrdinalIgnoreCase);

    // "-0" is an integer to the parser but a negative zero to a reader of doubles.
    static bool IsPlainInteger(JsonElement leaf) => leaf.GetRawText() is not "-0";

    static bool IsFloat(JsonElement leaf) => leaf.TryGetSingle(out var narrow) && float.IsFinite(narrow)
        && double.Parse(narrow.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Equals(leaf.GetDouble());

    /// <summary>A writer of the column's value in a row.</summary>
    public static async Task<Action<Utf8JsonWriter, int>> WriterAsync(Table table, string name, CancellationToken cancellation)
    {
        var type = table.Field(name).ClrType;
        if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
        {
            var texts = await table.TextsAsync(name, cancellation);
            return (writer, row) => writer.WriteStringValue(texts[row]);
        }
        if (type == typeof(bool)) return await WriterAsync<bool>(table, name, (to, value) => to.WriteBooleanValue(value), cancellation);
        if (type == typeof(int)) return await WriterAsync<int>(table, name, (to, value) => to.WriteNumberValue(value), cancellation);
        if (type == typeof(long)) return await WriterAsync<long>(table, name, (to, value) => to.WriteNumberValue(value), cancellation);
        if (type == typeof(float)) return await WriterAsync<float>(table, name, (to, value) => to.WriteNumberValue(value), cancellation);
        if (type == typeof(double)) return await WriterAsync<double>(table, name, (to, value) => to.WriteNumberValue(value), cancellation);
        throw new InvalidDataException($"the column '{name}' has the unknown type {type.Name}");
    }

    static async Task<Action<Utf8JsonWriter, int>> WriterAsync<T>(Table table, string name, Action<Utf8JsonWriter, T> write,
        CancellationToken cancellation) where T : struct
    {
        if (!table.Field(name).IsNullable)
        {
            var values = await table.ValuesAsync<T>(name, cancellation);
            return (writer, row) => write(writer, values[row]);
        }
        var optional = await table.NullablesAsync<T>(name, cancellation);
        return (writer, row) =>
        {
            if (optional[row] is { } value) write(writer, value);
            else writer.WriteNullValue();
        };
    }
}
