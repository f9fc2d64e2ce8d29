using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harness.Core.Registry;

/// <summary>A knob of a family as a plan may set it.</summary>
/// <param name="Type">Its type in words, e.g. <c>whole number</c>.</param>
/// <param name="Allowed">What it may be, or null when the type says it all.</param>
public sealed record HyperParameter(string Name, string Type, JsonElement Default, string? Allowed);

/// <summary>One thing wrong with a configuration.</summary>
/// <param name="Key">Path of the knob, e.g. <c>neuron.tau</c> or <c>widths[2]</c>; empty for the whole.</param>
/// <param name="Value">The offending value as JSON.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Allowed">What would be right.</param>
public sealed record ConfigurationProblem(string Key, string Value, string Message, string Allowed, string? Nearest = null)
{
    public override string ToString() => $"{(Key.Length == 0 ? "configuration" : Key)}: {Message}; allowed: {Allowed}"
        + (Nearest is null ? "" : $" (did you mean '{Nearest}'?)");
}

/// <summary>A configuration that no record can hold; carries every problem at once.</summary>
public sealed class ConfigurationException(string family, IReadOnlyList<ConfigurationProblem> problems)
    : HarnessException($"The configuration of {family} is not valid: {string.Join("; ", problems)}.")
{
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}

/// <summary>
/// Configurations as JSON and back. A family is a sealed record; its primary-constructor properties are the knobs, of type int,
/// long, double, bool, string, an enum, a nested sealed record, or a list of those. A nested record is an object, with
/// <c>kind</c> (kebab-case type name) where its declared type leaves a choice.
/// </summary>
public static class Configurations
{
    /// <summary>Every knob of <paramref name="family"/> with its value, camelCase, keys in RFC 8785 order.</summary>
    public static JsonElement Describe(object family) =>
        JsonSerializer.Deserialize<JsonElement>(CanonicalJson.Write(ConfigurationWriter.Record(family, RecordShape.Of(family.GetType()))));

    /// <summary>The record with the given knobs; knobs not named keep the value of <paramref name="prototype"/>.</summary>
    /// <exception cref="ConfigurationException">
    /// A key is unknown, or a value has the wrong type, is out of range, or goes ill with another.
    /// </exception>
    public static object Bind(object prototype, JsonElement configuration)
    {
        var binder = new ConfigurationBinder(prototype.GetType());
        var bound = binder.Record(prototype.GetType(), prototype, configuration, "");
        return binder.Problems.Count == 0 && bound is not null ? bound
            : throw new ConfigurationException(ValueTypes.KindName(prototype.GetType()), binder.Problems);
    }

    /// <summary>The knobs of a family in the order of its constructor, defaults from <paramref name="prototype"/>.</summary>
    public static IReadOnlyList<HyperParameter> Parameters(object prototype)
    {
        var values = Describe(prototype);
        return [.. RecordShape.Of(prototype.GetType()).Members.Select(member => new HyperParameter(
            member.Name, ValueTypes.Describe(member.Type), values.GetProperty(member.Name), Allowed(member, prototype.GetType())))];
    }

    static string? Allowed(RecordMember member, Type owner)
    {
        if (member.Allowed.Narrow) return member.Allowed.Text;
        var type = ValueTypes.Element(member.Type) ?? member.Type;
        return ValueTypes.IsScalar(type) ? null : string.Join(", ", ValueTypes.Kinds(type, owner).Keys);
    }
}

static class ConfigurationWriter
{
    public static JsonObject Record(object record, RecordShape shape)
    {
        var json = new JsonObject();
        foreach (var member in shape.Members) json[member.Name] = Value(member.Property.GetValue(record), member);
        return json;
    }

    static JsonNode? Value(object? value, RecordMember member) =>
        ValueTypes.Element(member.Type) is { } element && value is System.Collections.IEnumerable items
        ? new JsonArray([.. items.Cast<object?>().Select(item => Single(item, element, member))])
        : Single(value, member.Type, member);

    static JsonNode? Single(object? value, Type declared, RecordMember member) => value switch
    {
        null => null,
        double number when !double.IsFinite(number) =>
            throw new HarnessException($"{member.Name} is {number}; a configuration holds finite numbers."),
        long and (< -ValueTypes.LargestExact or > ValueTypes.LargestExact) =>
            throw new HarnessException($"{member.Name} is {value}; a configuration holds whole numbers up to 2^53."),
        int or long or double or bool or string => JsonSerializer.SerializeToNode(value),
        Enum word => JsonSerializer.SerializeToNode(word, word.GetType(), CanonicalJson.Options),
        _ => Nested(value, declared, member),
    };

    static JsonObject Nested(object value, Type declared, RecordMember member)
    {
        var type = value.GetType();
        if (!type.IsSealed || type.IsPrimitive || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
            throw new HarnessException($"{member.Name} has type {type.Name}; a knob is an int, long, double, bool, string, enum, "
                + "a nested sealed record, or a list of those.");
        var json = Record(value, RecordShape.Of(type));
        if (!declared.IsSealed) json["kind"] = ValueTypes.KindName(type);
        return json;
    }
}
