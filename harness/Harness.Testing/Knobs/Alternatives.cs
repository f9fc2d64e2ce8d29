using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Harness.Testing.Knobs;

/// <summary>Other values a knob may take, from its type and its attributes.</summary>
/// <param name="Each">True where each value must change the computation, not just one: words are chosen for what they do.</param>
sealed record Alternatives(IReadOnlyList<object?> Values, bool Each)
{
    /// <exception cref="NotSupportedException">No plan could set a knob of this type.</exception>
    public static Alternatives Of(Knob knob)
    {
        var (values, each) = knob.Element is { } element ? (Lists(knob, element), false)
            : Knob.IsScalar(knob.Plain) ? (Scalars(knob, knob.Plain, knob.Value), !IsNumber(knob.Plain))
            : knob.IsNested ? (Kinds(knob), true)
            : throw new NotSupportedException($"{knob.Path} has type {knob.Type.Name}, which no plan can set; a knob is an int, long, "
                + "double, bool, string, enum, a nested sealed record, or a list of those");
        if (Nullable.GetUnderlyingType(knob.Type) is not null) values = values.Append(null);
        var now = Knob.Text(knob.Value);
        return new([.. values.DistinctBy(Knob.Text).Where(value => Knob.Text(value) != now && Accepts(knob, value))], each);
    }

    static bool IsNumber(Type plain) => plain == typeof(int) || plain == typeof(long) || plain == typeof(double);

    // Near values first: they are cheap to compute and likely to be allowed.
    static IEnumerable<object?> Scalars(Knob knob, Type plain, object? value)
    {
        if (plain.IsEnum) return Enum.GetValues(plain).Cast<object?>();
        if (plain == typeof(bool)) return [value is not true];
        if (plain == typeof(string)) return knob.Rules.OfType<AllowedValuesAttribute>().SelectMany(rule => rule.Values);
        var number = value is null ? Least(knob) : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        var candidates = plain == typeof(double)
            ? new[] { number / 2, number * 2, number + 0.1, number - 0.1, number + 1, 0.5, -number }
            : new[] { number + 1, Math.Floor(number / 2), number * 2, number - 1, number + 2, -number };
        if (value is null) candidates = [number, .. candidates];
        return candidates.Where(candidate => plain != typeof(int) || Math.Abs(candidate) <= int.MaxValue)
            .Select(candidate => Convert.ChangeType(candidate, plain, CultureInfo.InvariantCulture)).Cast<object?>();
    }

    static double Least(Knob knob) =>
        knob.Rules.OfType<RangeAttribute>().Select(range => Number(range.Minimum)).FirstOrDefault(double.IsFinite, 1);

    static IEnumerable<object?> Lists(Knob knob, Type element)
    {
        object?[] items = [.. ((System.Collections.IEnumerable?)knob.Value ?? Array.Empty<object>()).Cast<object?>()];
        var plain = Nullable.GetUnderlyingType(element) ?? element;
        if (items.Length > 0 && Knob.IsScalar(plain))
            foreach (var other in Scalars(knob, plain, items[0])) yield return ArrayOf(element, [other, .. items.Skip(1)]);
        if (items.Length > 0) yield return ArrayOf(element, [.. items, items[^1]]);
        if (items.Length > 1) yield return ArrayOf(element, [.. items.SkipLast(1)]);
    }

    static Array ArrayOf(Type element, IReadOnlyList<object?> items)
    {
        var array = Array.CreateInstance(element, items.Count);
        for (var index = 0; index < items.Count; index++) array.SetValue(items[index], index);
        return array;
    }

    // Kinds that need arguments cannot be made here; the caller names them.
    static IEnumerable<object?> Kinds(Knob knob) => new[] { knob.Type.Assembly, knob.Value!.GetType().Assembly }.Distinct()
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type is { IsSealed: true, IsAbstract: false, IsGenericTypeDefinition: false } && knob.Type.IsAssignableFrom(type))
        .Where(type => type != knob.Value.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(DefaultOrNull).Where(made => made is not null);

    static object? DefaultOrNull(Type type)
    {
        var constructor = Knob.Constructor(type);
        return Array.TrueForAll(constructor.GetParameters(), parameter => parameter.HasDefaultValue)
            ? constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)])
            : null;
    }

    static bool Accepts(Knob knob, object? value) => knob.Rules.All(rule => (rule, value) switch
    {
        (_, null) => true,
        (RangeAttribute or AllowedValuesAttribute, Array items) => items.Cast<object?>().All(item => Accepts(knob, item)),
        (RangeAttribute range, int or long or double) => Within(range, Number(value)),
        _ => rule.IsValid(value),
    });

    static bool Within(RangeAttribute range, double value) =>
        (range.MinimumIsExclusive ? value > Number(range.Minimum) : value >= Number(range.Minimum))
        && (range.MaximumIsExclusive ? value < Number(range.Maximum) : value <= Number(range.Maximum));

    static double Number(object bound) => Convert.ToDouble(bound, CultureInfo.InvariantCulture);
}
