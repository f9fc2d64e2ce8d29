using System.Text;

namespace Harness.Datasets.Formats;

/// <summary>A column of an ARFF table; <paramref name="Values"/> are the words it may hold, null for numbers and free text.</summary>
public sealed record ArffAttribute(string Name, bool IsNumeric, IReadOnlyList<string>? Values);

/// <summary>
/// The attribute-relation format of Weka: a header that types each column, then comma-separated rows. Comments (%), quotes, nominal,
/// numeric
/// and text attributes are read; sparse rows and dates are not.
/// </summary>
public sealed record Arff(IReadOnlyList<ArffAttribute> Attributes, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>How a row says that a value is missing.</summary>
    public const string Missing = "?";

    const int MostAttributes = 100_000;

    /// <param name="name">What messages call the content.</param>
    /// <exception cref="DataFormatException">Not ARFF, or a row has another number of values than there are attributes.</exception>
    public static Arff Parse(TextReader text, string name)
    {
        var (attributes, rows, inData) = (new List<ArffAttribute>(), new List<IReadOnlyList<string>>(), false);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            line = line.Trim();
            if (line.Length == 0 || line[0] == '%') continue;
            if (inData) rows.Add(Row(line, attributes.Count, name, number));
            else if (Begins(line, "@data")) inData = true;
            else if (Begins(line, "@attribute")) attributes.Add(Attribute(line["@attribute".Length..].Trim(), name, number));
            else if (!Begins(line, "@relation")) throw new DataFormatException(name,
                $"line {number} is neither a relation, an attribute, data nor a comment");
            if (attributes.Count > MostAttributes) throw new DataFormatException(name, $"it has more than {MostAttributes} attributes");
        }
        return inData ? new(attributes, rows) : throw new DataFormatException(name, "it has no @data");
    }

    static bool Begins(string line, string word) => line.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    static ArffAttribute Attribute(string text, string name, int number)
    {
        if (text.Length == 0) throw new DataFormatException(name, $"line {number} names no attribute");
        var end = text[0] is '\'' or '"' ? text.IndexOf(text[0], 1) + 1 : text.AsSpan().IndexOfAny(' ', '\t');
        if (end < 1) throw new DataFormatException(name, $"line {number} types no attribute");
        var (title, type) = (text[..end].Trim('\'', '"'), text[end..].Trim());
        if (type.StartsWith('{'))
            return type.IndexOf('}') is var close and > 0 ? new(title, IsNumeric: false, Split(type[1..close], name, number))
                : throw new DataFormatException(name, $"line {number} has a list of values without an end");
        var word = type.Split(' ', '\t', '[')[0].ToLowerInvariant();
        return word is "numeric" or "real" or "integer" ? new(title, IsNumeric: true, Values: null)
            : word == "string" ? new(title, IsNumeric: false, Values: null)
            : throw new DataFormatException(name, $"line {number} has an attribute of type '{word[..Math.Min(20, word.Length)]}'; read "
                + "are numeric, real, integer, string and lists");
    }

    static List<string> Row(string line, int count, string name, int number)
    {
        if (line[0] == '{') throw new DataFormatException(name, $"line {number} is a sparse row; only full rows are read");
        var values = Split(line, name, number);
        return values.Count == count ? values
            : throw new DataFormatException(name, $"line {number} has {values.Count} values for {count} attributes");
    }

    static List<string> Split(string line, string name, int number)
    {
        var (values, value, quote) = (new List<string>(), new StringBuilder(), '\0');
        foreach (var letter in line)
        {
            if (quote == '\0' && letter is '\'' or '"') quote = letter;
            else if (letter == quote) quote = '\0';
            else if (letter == ',' && quote == '\0')
            {
                values.Add(value.ToString().Trim());
                value.Clear();
            }
            else value.Append(letter);
        }
        if (quote != '\0') throw new DataFormatException(name, $"line {number} has a quote without an end");
        values.Add(value.ToString().Trim());
        return values;
    }
}
