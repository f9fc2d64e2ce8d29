using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>Looks into JSON whose shape another tool decides: what is absent or of another type is null.</summary>
static class JsonReading
{
    public static JsonElement? MemberOrNull(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    public static string? TextOrNull(this JsonElement element, params string[] path) => element.MemberOrNull(path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static double? NumberOrNull(this JsonElement element, params string[] path) => element.MemberOrNull(path) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        // Some tools quote their numbers.
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), out var value) && double.IsFinite(value) => value,
        _ => null,
    };

    public static int? IntegerOrNull(this JsonElement element, params string[] path) =>
        element.NumberOrNull(path) is { } number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, params string[] path) =>
        element.MemberOrNull(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Members(this JsonElement element, params string[] path) =>
        element.MemberOrNull(path) is { ValueKind: JsonValueKind.Object } group ? group.EnumerateObject() : [];

    /// <exception cref="HarnessException">The file is of another shape than the tool writes.</exception>
    public static T Needed<T>(this T? value, string tool, string what) where T : class =>
        value ?? throw new HarnessException($"This is no output of {tool}: {what} is missing.");

    public static T Needed<T>(this T? value, string tool, string what) where T : struct =>
        value ?? throw new HarnessException($"This is no output of {tool}: {what} is missing.");
}
