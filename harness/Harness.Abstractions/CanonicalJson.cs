using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
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

    public static string Write<T>(T value) => Encoding.UTF8.GetString(Bytes(value).WrittenSpan);

    /// <summary>SHA-256 of the canonical UTF-8 form, lower-case hexadecimal.</summary>
    public static string Hash<T>(T value) => Convert.ToHexStringLower(SHA256.HashData(Bytes(value).WrittenSpan));

    static ArrayBufferWriter<byte> Bytes<T>(T value)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        Append(bytes, JsonSerializer.SerializeToElement(value, Options));
        return bytes;
    }

    static void Append(ArrayBufferWriter<byte> bytes, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object: AppendMembers(bytes, element); break;
            case JsonValueKind.Array:
                var separator = '[';
                foreach (var item in element.EnumerateArray())
                {
                    Append(bytes, separator);
                    Append(bytes, item);
                    separator = ',';
                }
                if (separator == '[') Append(bytes, '[');
                Append(bytes, ']');
                break;
            // Without a backslash nothing was escaped, and nothing need be.
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(element) is var raw && !raw.Contains((byte)'\\'):
                bytes.Write(raw);
                break;
            case JsonValueKind.String: AppendString(bytes, element.GetString()!); break;
            case JsonValueKind.Number: AppendNumber(bytes, element.GetDouble()); break;
            default: bytes.Write(JsonMarshal.GetRawUtf8Value(element)); break;
        }
    }

    static void AppendMembers(ArrayBufferWriter<byte> bytes, JsonElement element)
    {
        var count = element.GetPropertyCount();
        var members = ArrayPool<JsonProperty>.Shared.Rent(count);
        var filled = 0;
        foreach (var member in element.EnumerateObject()) members[filled++] = member;
        members.AsSpan(0, count).Sort(InOrder);
        Append(bytes, '{');
        for (var at = 0; at < count; at++)
        {
            if (at > 0) Append(bytes, ',');
            var name = JsonMarshal.GetRawUtf8PropertyName(members[at]);
            if (name.Contains((byte)'\\')) AppendString(bytes, members[at].Name);
            else
            {
                Append(bytes, '"');
                bytes.Write(name);
                Append(bytes, '"');
            }
            Append(bytes, ':');
            Append(bytes, members[at].Value);
        }
        Append(bytes, '}');
        ArrayPool<JsonProperty>.Shared.Return(members, clearArray: true);
    }

    /// <summary>By UTF-16 code units (RFC 8785 §3.2.3), which for ASCII is the order of the bytes.</summary>
    static int InOrder(JsonProperty one, JsonProperty other)
    {
        var first = JsonMarshal.GetRawUtf8PropertyName(one);
        var second = JsonMarshal.GetRawUtf8PropertyName(other);
        return Plain(first) && Plain(second) ? first.SequenceCompareTo(second) : string.CompareOrdinal(one.Name, other.Name);
    }

    static bool Plain(ReadOnlySpan<byte> name) => Ascii.IsValid(name) && !name.Contains((byte)'\\');

    static void Append(ArrayBufferWriter<byte> bytes, char ascii)
    {
        bytes.GetSpan(1)[0] = (byte)ascii;
        bytes.Advance(1);
    }

    static void AppendString(ArrayBufferWriter<byte> bytes, string value)
    {
        var text = new StringBuilder(value.Length + 2);
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
        Encoding.UTF8.GetBytes(text.ToString(), bytes);
    }

    static void AppendNumber(ArrayBufferWriter<byte> bytes, double value)
    {
        // Whole numbers that a double counts exactly; a negative zero is 0 in JSON's canonical form.
        if (Math.Abs(value) < 1L << 53 && value == (long)value)
        {
            ((long)value).TryFormat(bytes.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
            bytes.Advance(written);
        }
        else Encoding.UTF8.GetBytes(Number(value), bytes);
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
