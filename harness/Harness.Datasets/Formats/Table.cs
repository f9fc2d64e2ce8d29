using System.Globalization;

namespace Harness.Datasets.Formats;

/// <summary>Plain tables of numbers, a row a line: what small data sets come as.</summary>
static class Table
{
    static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Rows of numbers; all have the same length. Empty lines are left out.</summary>
    /// <param name="separator">Between numbers; null is any number of blanks.</param>
    /// <param name="skip">Lines to leave out at the start.</param>
    /// <exception cref="DataFormatException">A word is not a number, or a row has another length.</exception>
    public static List<double[]> Numbers(TextReader text, string name, char? separator, int skip = 0)
    {
        var rows = new List<double[]>();
        for (var line = 1; text.ReadLine() is { } content; line++)
        {
            if (line <= skip || content.AsSpan().Trim().IsEmpty) continue;
            var words = separator is { } character ? content.Split(character)
                : content.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            var row = new double[words.Length];
            for (var i = 0; i < row.Length; i++)
                if (!double.TryParse(words[i], CultureInfo.InvariantCulture, out row[i]))
                    throw new DataFormatException(name,
                        $"line {line} has '{words[i][..Math.Min(20, words[i].Length)]}' where a number is expected");
            if (rows.Count > 0 && rows[0].Length != row.Length)
                throw new DataFormatException(name, $"line {line} has {row.Length} numbers where the first row has {rows[0].Length}");
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Fields of a comma-separated table with a header; no quoting.</summary>
    /// <param name="columns">The names that the header must have, in order.</param>
    /// <exception cref="DataFormatException">Another header, or a row has another number of fields.</exception>
    public static IEnumerable<string[]> Fields(TextReader text, string name, params string[] columns)
    {
        if (text.ReadLine() is not { } header || !header.TrimEnd().Split(',').SequenceEqual(columns))
            throw new DataFormatException(name, $"its first line is not {string.Join(',', columns)}");
        for (var line = 2; text.ReadLine() is { } content; line++)
        {
            if (content.Length == 0) continue;
            var fields = content.TrimEnd('\r').Split(',');
            yield return fields.Length == columns.Length ? fields
                : throw new DataFormatException(name, $"line {line} has {fields.Length} fields where {columns.Length} are expected");
        }
    }

    /// <summary>A field as a whole number.</summary>
    /// <exception cref="DataFormatException">It is none.</exception>
    public static int Whole(string field, string name) =>
        int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw new DataFormatException(name, $"'{field[..Math.Min(20, field.Length)]}' is not a whole number");

    /// <summary>A field as a number.</summary>
    /// <exception cref="DataFormatException">It is none.</exception>
    public static double Number(string field, string name) => double.TryParse(field, CultureInfo.InvariantCulture, out var value) ? value
        : throw new DataFormatException(name, $"'{field[..Math.Min(20, field.Length)]}' is not a number");
}
