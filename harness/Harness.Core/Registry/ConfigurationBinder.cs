using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Harness.Core.Registry;

/// <summary>Binds JSON to configuration records and collects what is wrong instead of stopping at the first problem.</summary>
sealed class ConfigurationBinder(Type owner)
{
    public List<ConfigurationProblem> Problems { get; } = [];

    /// <summary>The record, or null when a problem was noted.</summary>
    public object? Record(Type type, object? prototype, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) return Refuse(path, json, "is not a map of knobs", "a map of knobs");
        var shape = RecordShape.Of(type);
        var before = Problems.Count;
        RefuseUnknownKeys(shape, json, path, kindAllowed: path.Length > 0);
        var arguments = shape.Members.Select(member => Argument(member, prototype, json, Join(path, member.Name))).ToArray();
        return Problems.Count > before ? null : Whole(shape, arguments, json, path);
    }

    object? Argument(RecordMember member, object? prototype, JsonElement json, string path)
    {
        var current = prototype is null ? null : member.Property.GetValue(prototype);
        if (json.TryGetProperty(member.Name, out var given)) return Given(member, current, given, path);
        if (prototype is not null) return current;
        if (member.Parameter.HasDefaultValue) return DefaultOf(member);
        return Refuse(path, json, "is missing", member.Allowed.Text);
    }

    // Reflection gives the default of an enum parameter as the enum, but of a nullable one as its number.
    static object? DefaultOf(RecordMember member) =>
        member.Parameter.DefaultValue is { } value && ValueTypes.Plain(member.Type) is { IsEnum: true } word
        ? Enum.ToObject(word, value) : member.Parameter.DefaultValue;

    object? Given(RecordMember member, object? current, JsonElement given, string path)
    {
        if (given.ValueKind == JsonValueKind.Null && member.MayBeNull) return null;
        var value = Value(member.Type, current, given, path);
        return value is null || member.Allowed.Accepts(value)
            ? value
            : Refuse(path, given, $"{given.GetRawText()} is out of range", member.Allowed.Text);
    }

    object? Value(Type type, object? current, JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Null)
            return Nullable.GetUnderlyingType(type) is not null ? null : Refuse(path, json, "has no value", ValueTypes.Describe(type));
        if (ValueTypes.Element(type) is { } element) return Items(element, json, path);
        return ValueTypes.IsScalar(type) ? Scalar(ValueTypes.Plain(type), json, path) : Nested(type, current, json, path);
    }

    Array? Items(Type element, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            Refuse(path, json, $"{json.GetRawText()} is not a list", $"list of {ValueTypes.Describe(element)}");
            return null;
        }
        var items = Array.CreateInstance(element, json.GetArrayLength());
        var index = 0;
        foreach (var item in json.EnumerateArray()) { items.SetValue(Value(element, null, item, $"{path}[{index}]"), index); index++; }
        return items;
    }

    object? Scalar(Type type, JsonElement json, string path)
    {
        object? value = json.ValueKind switch
        {
            JsonValueKind.Number when type == typeof(int) && Whole(json, int.MinValue, int.MaxValue) is { } whole => (int)whole,
            JsonValueKind.Number when type == typeof(long) => Whole(json, -ValueTypes.LargestExact, ValueTypes.LargestExact),
            JsonValueKind.Number when type == typeof(double) && json.TryGetDouble(out var number) && double.IsFinite(number) => number,
            JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => json.GetBoolean(),
            JsonValueKind.String when type == typeof(string) => json.GetString(),
            JsonValueKind.String when type.IsEnum => Word(type, json.GetString()!),
            _ => null,
        };
        if (value is not null) return value;
        var allowed = type.IsEnum ? string.Join(", ", ValueTypes.EnumWords(type)) : ValueTypes.Describe(type);
        var nearest = type.IsEnum && json.ValueKind == JsonValueKind.String
            ? NearestName.OrNull(json.GetString()!, ValueTypes.EnumWords(type)) : null;
        var kind = type.IsEnum ? "a known word" : type == typeof(bool) ? allowed : $"a {allowed}";
        return Refuse(path, json, $"{json.GetRawText()} is not {kind}", allowed, nearest);
    }

    // 4.0 and 4e0 are the whole number 4 in JSON.
    static long? Whole(JsonElement json, long low, long high) =>
        json.TryGetDouble(out var number) && number >= low && number <= high && Math.Floor(number) == number ? (long)number : null;

    static object? Word(Type type, string word) => Array.Find(Enum.GetNames(type),
        name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name) == word) is { } found ? Enum.Parse(type, found) : null;

    object? Nested(Type declared, object? current, JsonElement json, string path)
    {
        var kinds = ValueTypes.Kinds(declared, owner);
        var named = json.ValueKind == JsonValueKind.String ? json.GetString()
            : json.ValueKind == JsonValueKind.Object && json.TryGetProperty("kind", out var kind) ? kind.ToString() : null;
        var type = named is null ? current?.GetType() ?? (declared.IsSealed ? declared : null) : kinds.GetValueOrDefault(named);
        if (type is null)
            return Refuse(path, json, named is null ? "names no kind" : $"'{named}' is not a kind of {ValueTypes.KindName(declared)}",
                string.Join(", ", kinds.Keys), named is null ? null : NearestName.OrNull(named, kinds.Keys));
        var knobs = json.ValueKind == JsonValueKind.String ? JsonSerializer.SerializeToElement(new { }) : json;
        return Record(type, current?.GetType() == type ? current : null, knobs, path);
    }

    object? Whole(RecordShape shape, object?[] arguments, JsonElement json, string path)
    {
        object made;
        try { made = shape.Create(arguments); }
        catch (ArgumentException refusal) { return Refuse(path, json, refusal.Message, "values the record accepts together"); }
        var before = Problems.Count;
        if (made is IValidatableObject validatable)
            foreach (var result in validatable.Validate(new ValidationContext(made)))
                NoteCombination(result, shape, made, path);
        return Problems.Count > before ? null : made;
    }

    void NoteCombination(ValidationResult result, RecordShape shape, object made, string path)
    {
        var members = shape.Members.Where(member => result.MemberNames.Contains(member.Property.Name)).ToList();
        var values = string.Join(", ", members.Select(member =>
            $"{member.Name} = {JsonSerializer.Serialize(member.Property.GetValue(made), CanonicalJson.Options)}"));
        Problems.Add(new ConfigurationProblem(members.Count == 0 ? path : Join(path, members[0].Name), values,
            values.Length == 0 ? "is an impossible combination" : $"{values} is an impossible combination",
            result.ErrorMessage ?? "another combination"));
    }

    void RefuseUnknownKeys(RecordShape shape, JsonElement json, string path, bool kindAllowed)
    {
        var known = shape.Members.Select(member => member.Name).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!seen.Add(member.Name)) Refuse(Join(path, member.Name), member.Value, "is given twice", "one value");
            if (known.Contains(member.Name) || (kindAllowed && member.Name == "kind")) continue;
            Refuse(Join(path, member.Name), member.Value, $"{shape} has no knob of this name",
                known.Count == 0 ? "no knobs" : string.Join(", ", known), NearestName.OrNull(member.Name, known));
        }
    }

    object? Refuse(string path, JsonElement value, string message, string allowed, string? nearest = null)
    {
        Problems.Add(new ConfigurationProblem(path, value.GetRawText(), message, allowed, nearest));
        return null;
    }

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
