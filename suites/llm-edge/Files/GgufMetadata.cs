using Harness.Datasets.Formats;

namespace Suites.LlmEdge.Files;

/// <summary>Typed looks at the metadata of a GGUF file: a value of another type is an error of the file.</summary>
sealed class GgufMetadata(Gguf file, string name)
{
    public string Text(string key) => TextOrNull(key) ?? throw Missing(key);

    public string? TextOrNull(string key) => Find(key) switch
    {
        null => null,
        string text => text,
        var other => throw Mistyped(key, "text", other),
    };

    public int Number(string key) => NumberOrNull(key) ?? throw Missing(key);

    /// <summary>A whole number from 0 on.</summary>
    public int? NumberOrNull(string key) => Find(key) switch
    {
        null => null,
        var value when value is byte or sbyte or ushort or short or uint or int or ulong or long => Whole(key, value),
        var other => throw Mistyped(key, "a whole number", other),
    };

    public float Real(string key) => RealOrNull(key) ?? throw Missing(key);

    public float? RealOrNull(string key) => Find(key) switch
    {
        null => null,
        float value => value,
        double value => (float)value,
        var other => throw Mistyped(key, "a real number", other),
    };

    public bool? FlagOrNull(string key) => Find(key) switch
    {
        null => null,
        bool value => value,
        var other => throw Mistyped(key, "true or false", other),
    };

    public T[] List<T>(string key) => ListOrNull<T>(key) ?? throw Missing(key);

    public T[]? ListOrNull<T>(string key)
    {
        if (Find(key) is not { } found) return null;
        if (found is not object[] items) throw Mistyped(key, "an array", found);
        var list = new T[items.Length];
        for (var i = 0; i < items.Length; i++) list[i] = items[i] is T item ? item : throw Mistyped(key,
            $"an array of {typeof(T).Name}", items[i]);
        return list;
    }

    public DataFormatException Wrong(string problem) => new(name, problem);

    object? Find(string key) => file.Metadata.GetValueOrDefault(key);

    int Whole(string key, object value)
    {
        var number = value is ulong large ? (Int128)large : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
        return number >= 0 && number <= int.MaxValue ? (int)number : throw Wrong($"{key} is {number}; allowed are 0 to {int.MaxValue}");
    }

    DataFormatException Missing(string key) => Wrong($"its metadata lack {key}");

    DataFormatException Mistyped(string key, string wanted, object found) =>
        Wrong($"{key} must be {wanted}, but is of type {found.GetType().Name}");
}
