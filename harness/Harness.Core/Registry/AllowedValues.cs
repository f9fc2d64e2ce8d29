using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Harness.Core.Registry;

/// <summary>What a hyper-parameter may be, from its type and its validation attributes.</summary>
sealed class AllowedValues
{
    readonly List<ValidationAttribute> _rules;
    readonly Type _element;

    AllowedValues(Type type, List<ValidationAttribute> rules)
    {
        _rules = rules;
        _element = ValueTypes.Element(type) ?? ValueTypes.Plain(type);
        Text = string.Join(" and ", Texts().DefaultIfEmpty(ValueTypes.Describe(type)));
    }

    /// <summary>The allowed values in words, e.g. <c>1..64</c> or <c>soft, hard</c>.</summary>
    public string Text { get; }

    /// <summary>True when the words name values and not merely the type.</summary>
    public bool Narrow => Texts().Any();

    public static AllowedValues Of(ParameterInfo parameter, PropertyInfo property) =>
        new(parameter.ParameterType, [.. parameter.GetCustomAttributes<ValidationAttribute>()
            .Concat(property.GetCustomAttributes<ValidationAttribute>())]);

    /// <summary>Whether the value, or each item of a list, keeps every rule; only <c>[Required]</c> judges a missing one.</summary>
    public bool Accepts(object? value) => _rules.TrueForAll(rule => Accepts(rule, value));

    IEnumerable<string> Texts()
    {
        if (_element.IsEnum) yield return string.Join(", ", ValueTypes.EnumWords(_element));
        foreach (var rule in _rules)
            yield return rule switch
            {
                RangeAttribute range => $"{(range.MinimumIsExclusive ? "above " : "")}{Words(range.Minimum)}.."
                    + $"{(range.MaximumIsExclusive ? "below " : "")}{Words(range.Maximum)}",
                AllowedValuesAttribute allowed => string.Join(", ", allowed.Values),
                _ => rule.FormatErrorMessage("the value"),
            };
    }

    static bool Accepts(ValidationAttribute rule, object? value) => (rule, value) switch
    {
        (RangeAttribute, null) => true,
        (RangeAttribute or AllowedValuesAttribute, Array items) => items.Cast<object?>().All(item => Accepts(rule, item)),
        (RangeAttribute range, int or long or double) => Within(range, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => rule.IsValid(value),
    };

    // RangeAttribute.IsValid would round a double to its int operand first, so that 0.6 passes for 1..8.
    static bool Within(RangeAttribute range, double value)
    {
        var (minimum, maximum) = (Number(range.Minimum), Number(range.Maximum));
        return (range.MinimumIsExclusive ? value > minimum : value >= minimum)
            && (range.MaximumIsExclusive ? value < maximum : value <= maximum);
    }

    static double Number(object bound) => Convert.ToDouble(bound, CultureInfo.InvariantCulture);

    static string Words(object bound) =>
        bound is double.PositiveInfinity or double.MaxValue or int.MaxValue ? "" : JsonSerializer.Serialize(Number(bound));
}
