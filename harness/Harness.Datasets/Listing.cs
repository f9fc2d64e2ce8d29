using System.Globalization;

namespace Harness.Datasets;

/// <summary>A committed list of data sets: one a line, tab-separated, with a header.</summary>
static class Listing
{
    public static IEnumerable<string[]> Read(string resource)
    {
        using var text = new StreamReader(typeof(Listing).Assembly.GetManifestResourceStream(resource)!);
        text.ReadLine();
        while (text.ReadLine() is { } line) yield return line.Split('\t');
    }

    public static int Whole(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    public static long Long(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
