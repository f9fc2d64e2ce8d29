using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace Harness.Testing.Knobs;

/// <summary>One hyper-parameter of a configuration, however deep it lies.</summary>
/// <param name="Path">As a plan names it, e.g. <c>neuron.tau</c>.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Value">What the configuration holds.</param>
/// <param name="Rules">Validation attributes of parameter and property.</param>
/// <param name="With">The configuration with another value; throws <see cref="ArgumentException"/> where the record refuses it.</param>
sealed record Knob(string Path, Type Type, object? Value, IReadOnlyList<ValidationAttribute> Rules, Func<object?, object> With)
{
    /// <summary>The type without <c>?</c>.</summary>
    public Type Plain => Nullable.GetUnderlyingType(Type) ?? Type;

    /// <summary>The item type of an array or a read-only list, or null.</summary>
    public Type? Element => Type.IsArray ? Type.GetElementType()
        : Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Type.GetGenericArguments()[0] : null;

    /// <summary>True when the value is a record with knobs of its own.</summary>
    public bool IsNested => Element is null && Value?.GetType() is { IsClass: true, IsSealed: true } type && !IsScalar(type)
        && type.Namespace?.StartsWith("System", StringComparison.Ordinal) is not true;

    public static bool IsScalar(Type plain) => plain.IsEnum || plain == typeof(int) || plain == typeof(long) || plain == typeof(double)
        || plain == typeof(bool) || plain == typeof(string);

    /// <summary>The value as JSON, behind its kind if it is a record of its own: records of two kinds may hold the same numbers.</summary>
    public static string Text(object? value)
    {
        var json = JsonSerializer.Serialize(value, CanonicalJson.Options);
        return json.StartsWith('{') ? $"{JsonNamingPolicy.KebabCaseLower.ConvertName(value!.GetType().Name)} {json}" : json;
    }

    /// <summary>Every knob of a record, those of nested records after the one that holds them, in constructor order.</summary>
    public static IReadOnlyList<Knob> Of(object record) => [.. Of(record, "", changed => changed)];

    /// <summary>The constructor whose parameters are all properties of the same name and type: the one that plans are bound to.</summary>
    public static ConstructorInfo Constructor(Type type) => type
        .GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(constructor => constructor.GetParameters() is not [{ } only] || only.ParameterType != type)
        .Where(constructor => Array.TrueForAll(constructor.GetParameters(), parameter => PropertyOrNull(type, parameter) is not null))
        .MaxBy(constructor => constructor.GetParameters().Length)
        ?? throw new ArgumentException(
            $"{type.Name} has no constructor whose parameters are all properties; write it as a sealed record.", nameof(type));

    static IEnumerable<Knob> Of(object record, string prefix, Func<object, object> rebuild)
    {
        var constructor = Constructor(record.GetType());
        var parameters = constructor.GetParameters();
        var properties = Array.ConvertAll(parameters, parameter => PropertyOrNull(record.GetType(), parameter)!);
        var values = Array.ConvertAll(properties, property => property.GetValue(record));
        foreach (var (index, parameter) in parameters.Index())
        {
            object With(object? value)
            {
                object?[] changed = [.. values];
                changed[index] = value;
                return rebuild(Valid(constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, changed, null)));
            }
            var path = prefix + JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            var onParameter = parameter.GetCustomAttributes<ValidationAttribute>();
            var onProperty = properties[index].GetCustomAttributes<ValidationAttribute>();
            var knob = new Knob(path, parameter.ParameterType, values[index], [.. onParameter, .. onProperty], With);
            if (!knob.IsNested || !knob.Type.IsSealed) yield return knob;
            if (knob.IsNested)
                foreach (var inner in Of(knob.Value!, path + ".", With)) yield return inner;
        }
    }

    static object Valid(object record)
    {
        var wrong = (record as IValidatableObject)?.Validate(new ValidationContext(record)).FirstOrDefault();
        return wrong is null ? record : throw new ArgumentException(wrong.ErrorMessage, nameof(record));
    }

    static PropertyInfo? PropertyOrNull(Type type, ParameterInfo parameter) =>
        type.GetProperty(parameter.Name!, parameter.ParameterType) is { CanRead: true } property ? property : null;
}
