using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Abstractions;

/// <summary>JSON Canonicalization Scheme (RFC 8785): the one byte form of a value, so that a hash names it.</summary>
public static class CanonicalJson
{
    /// <summary>How every record of the harness is read and written: camelCase, enums as snake_case words, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public static string Write<T>(T value)
    {
        var text = new StringBuilder();
        Append(text, JsonSerializer.SerializeToElement(value, Options));
        return text.ToString();
    }

    /// <summary>SHA-256 of the canonical UTF-8 form, lower-case hexadecimal.</summary>
    public static string Hash<T>(T value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(value))));

    static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);
                AppendAll(text, '{', '}', members, member =>
                {
                    AppendString(text, member.Name);
                    text.Append(':');
                    Append(text, member.Value);
                });
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', ']', element.EnumerateArray(), item => Append(text, item));
                break;
            case JsonValueKind.String: AppendString(text, element.GetString()!); break;
            case JsonValueKind.Number: text.Append(Number(element.GetDouble())); break;
            default: text.Append(element.GetRawText()); break;
        }
    }

    static void AppendAll<T>(StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> append)
    {
        var separator = open;
        foreach (var item in items) { text.Append(separator); append(item); separator = ','; }
        if (separator == open) text.Append(open);
        text.Append(close);
    }

    static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""), '\\' => text.Append("\\\\"), '\b' => text.Append("\\b"), '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"), '\r' => text.Append("\\r"), '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        text.Append('"');
    }

    // ECMAScript Number::toString, which RFC 8785 §3.2.2.3 requires: shortest digits, exponent only from 1e21 and below 1e-6.
    static string Number(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"{value} has no JSON form; store null with a reason.", nameof(value));
        if (value == 0) return "0";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = value < 0 ? "-" : "";
        var mantissa = shortest.TrimStart('-');
        var exponent = 0;
        if (mantissa.IndexOf('E') is var at and >= 0)
        {
            exponent = int.Parse(mantissa.AsSpan(at + 1), CultureInfo.InvariantCulture);
            mantissa = mantissa[..at];
        }
        var point = mantissa.IndexOf('.');
        var digits = mantissa.Replace(".", "");
        var position = (point < 0 ? mantissa.Length : point) + exponent;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        position -= leading;
        var k = digits.Length;
        return sign + position switch
        {
            _ when k <= position && position <= 21 => digits + new string('0', position - k),
            > 0 and <= 21 => digits[..position] + "." + digits[position..],
            > -6 and <= 0 => "0." + new string('0', -position) + digits,
            _ => $"{digits[..1]}{(k > 1 ? "." + digits[1..] : "")}e{(position > 1 ? "+" : "-")}{Math.Abs(position - 1)}",
        };
    }
}
