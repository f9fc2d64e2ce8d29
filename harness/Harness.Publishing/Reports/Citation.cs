using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>How to cite the report: Citation File Format 1.2.0.</summary>
static class Citation
{
    public static void Write(Report report, TextWriter writer)
    {
        writer.WriteLine("cff-version: 1.2.0");
        writer.WriteLine("message: If you use this report, please cite it and the paper it is about.");
        writer.WriteLine("type: dataset");
        writer.WriteLine($"title: {Quoted($"Reproducibility report: {report.Set.Title}")}");
        writer.WriteLine("authors:\n  - name: The harness authors");
        writer.WriteLine($"date-released: {Words.Date(report.At)}");
        writer.WriteLine("license: Apache-2.0");
        writer.WriteLine("references:\n  - type: article");
        writer.WriteLine($"    title: {Quoted(report.Set.Title)}");
        writer.WriteLine($"    authors:\n      - name: {Quoted(report.Set.Authors)}");
        writer.WriteLine($"    year: {report.Set.Year}");
        if (Words.WebAddressOrNull(report.Set.Link) is { } link) writer.WriteLine($"    url: {Quoted(link)}");
    }

    static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").ReplaceLineEndings(" ")}\"";
}
