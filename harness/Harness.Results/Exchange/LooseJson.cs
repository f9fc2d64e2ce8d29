using System.Text;
using System.Text.Json;

namespace Harness.Results.Exchange;

/// <summary>
/// Reads what Python programs write as JSON or print as a dictionary: <c>NaN</c> and <c>Infinity</c> become null, as do <c>None</c> and
/// numbers too large; <c>True</c> and <c>False</c> are truths, and strings may stand in single quotes.
/// </summary>
static class LooseJson
{
    static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["NaN"] = "null", ["Infinity"] = "null", ["inf"] = "null", ["nan"] = "null", ["None"] = "null", ["True"] = "true", ["False"] =
            "false",
        ["true"] = "true", ["false"] = "false", ["null"] = "null",
    };

    /// <exception cref="HarnessException">The text is no such value.</exception>
    public static JsonElement Parse(string text, string what)
    {
        try
        {
            return JsonElement.Parse(Strict(text));
        }
        catch (JsonException error)
        {
            throw new HarnessException($"{what} cannot be read as JSON: {error.Message}", error);
        }
    }

    static string Strict(string text)
    {
        var strict = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var next = text[at];
            if (next is '"' or '\'') at = Quoted(text, at, strict);
            else if (char.IsAsciiLetter(next) || (next is '-' or '+' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1])))
                at = Word(text, at, strict);
            else if (char.IsAsciiDigit(next) || next is '-' or '.') at = Number(text, at, strict);
            else
            {
                // A Python tuple is a list.
                strict.Append(next switch { '(' => '[', ')' => ']', _ => next });
                at++;
            }
        }
        return strict.ToString();
    }

    static int Quoted(string text, int start, StringBuilder strict)
    {
        var quote = text[start];
        strict.Append('"');
        var at = start + 1;
        for (; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                if (text[at + 1] != '\'') strict.Append('\\');
                strict.Append(text[++at]);
            }
            else strict.Append(text[at] == '"' ? "\\\"" : text[at].ToString());
        }
        strict.Append('"');
        return at + 1;
    }

    static int Word(string text, int start, StringBuilder strict)
    {
        var at = text[start] is '-' or '+' ? start + 1 : start;
        var from = at;
        while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
        var word = text[from..at];
        strict.Append(Words.GetValueOrDefault(word, word));
        return at;
    }

    // 1e999 is JSON but no double.
    static int Number(string text, int start, StringBuilder strict)
    {
        var at = start + 1;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or '-' or '+' or 'e' or 'E')) at++;
        var number = text[start..at];
        strict.Append(double.TryParse(number, out var value) && !double.IsFinite(value) ? "null" : number.TrimEnd('.'));
        return at;
    }
}
