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

    /// <summary>Fields of a comma-separated table with a header. A field may be quoted, but not go on in the next line.</summary>
    /// <param name="columns">The names that the header must have, in order.</param>
    /// <exception cref="DataFormatException">Another header, an open quotation, or a row has another number of fields.</exception>
    public static IEnumerable<string[]> Fields(TextReader text, string name, params string[] columns)
    {
        if (text.ReadLine() is not { } header || !header.TrimEnd().Split(',').SequenceEqual(columns))
            throw new DataFormatException(name, $"its first line is not {string.Join(',', columns)}");
        for (var line = 2; text.ReadLine() is { } content; line++)
        {
            if (content.Length == 0) continue;
            var fields = SplitOrNull(content.TrimEnd('\r'))
                ?? throw new DataFormatException(name, $"line {line} has a quotation that is not closed, or not the whole of its field");
            yield return fields.Count == columns.Length ? [.. fields]
                : throw new DataFormatException(name, $"line {line} has {fields.Count} fields where {columns.Length} are expected");
        }
    }

    // As RFC 4180: a field in quotation marks may hold commas, and two marks for one.
    static List<string>? SplitOrNull(string line)
    {
        if (!line.Contains('"')) return [.. line.Split(',')];
        var fields = new List<string>();
        for (var start = 0; ;)
        {
            int end;
            if (start < line.Length && line[start] == '"')
            {
                end = start + 1;
                while (end < line.Length && (line[end] != '"' || (end + 1 < line.Length && line[end + 1] == '"')))
                    end += line[end] == '"' ? 2 : 1;
                if (end >= line.Length) return null;
                fields.Add(line[(start + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                end++;
            }
            else
            {
                end = line.IndexOf(',', start) is var comma and >= 0 ? comma : line.Length;
                fields.Add(line[start..end]);
            }
            if (end == line.Length) return fields;
            if (line[end] != ',') return null;
            start = end + 1;
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
