using System.Text.Json;

namespace Harness.Core.Registry;

/// <summary>The types a hyper-parameter may have and what they are called in a plan.</summary>
static class ValueTypes
{
    /// <summary>The largest whole number that JSON's numbers carry exactly (2^53).</summary>
    public const long LargestExact = 1L << 53;

    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    public static bool IsScalar(Type type) => Plain(type) is var plain
        && (IsNumber(plain) || plain == typeof(bool) || plain == typeof(string) || plain.IsEnum);

    public static bool IsNumber(Type type) => Plain(type) is var plain
        && (plain == typeof(int) || plain == typeof(long) || plain == typeof(double));

    /// <summary>The item type of an array or read-only list, or null.</summary>
    public static Type? Element(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>The word for a type in messages and listings.</summary>
    public static string Describe(Type type)
    {
        if (Element(type) is { } element) return $"list of {Describe(element)}";
        var plain = Plain(type);
        if (plain.IsEnum) return "word";
        if (plain == typeof(int) || plain == typeof(long)) return "whole number";
        if (plain == typeof(double)) return "number";
        if (plain == typeof(bool)) return "true or false";
        return plain == typeof(string) ? "text" : KindName(plain);
    }

    public static IEnumerable<string> EnumWords(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>The name of a nested record in a plan: its type name in kebab-case.</summary>
    public static string KindName(Type type) => JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name);

    /// <summary>The sealed records that can stand where <paramref name="declared"/> is asked for, by kind name.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds(Type declared, Type owner)
    {
        if (declared.IsSealed) return new Dictionary<string, Type> { [KindName(declared)] = declared };
        return new[] { declared.Assembly, owner.Assembly }.Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsSealed: true, IsAbstract: false, IsGenericTypeDefinition: false } && declared.IsAssignableFrom(type))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .ToDictionary(KindName);
    }
}
