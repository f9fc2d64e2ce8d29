using System.Globalization;
using System.Text;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>The claims as CSV, as a LaTeX table, and as macros to use in running text.</summary>
static class ClaimTables
{
    public static void Csv(Report report, TextWriter writer)
    {
        writer.Write("claim,where,paper,unit,tolerance,ours,low,high,seeds,scale,verdict,recorded,changed,runs,difference,statement\r\n");
        foreach (var result in report.Results)
        {
            string Optional(double? value) => value is { } number ? Scale.Exact(result.InPaperUnit(number)) : "";
            string[] fields =
            [
                result.Claim.Id, result.Claim.Where, Scale.Exact(result.Claim.Value), result.Claim.Unit,
                    Scale.Exact(result.Claim.Tolerance),
                Optional(result.Value), Optional(result.Low), Optional(result.High),
                    result.Runs.Count.ToString(CultureInfo.InvariantCulture),
                result.Claim.Scale.ToString().ToLowerInvariant(), result.Word, result.Claim.Recorded is { } recorded
                    ? Scale.Exact(recorded) : "",
                result.Changed ? "true" : "false", string.Join(' ', result.Runs.Select(run => run.RunId)), result.Claim.Difference ?? "",
                result.Claim.Statement,
            ];
            writer.Write(string.Join(',', fields.Select(Downloads.Csv.Field)) + "\r\n");
        }
    }

    public static void Latex(Report report, TextWriter writer)
    {
        writer.WriteLine($"% {report.Set.Id}: claims and what the stored runs say; needs \\usepackage{{booktabs}}");
        writer.WriteLine("\\begin{tabular}{llrrrl}\n\\toprule\nClaim & Where & Paper & Ours & Seeds & Verdict \\\\\n\\midrule");
        foreach (var result in report.Results)
            writer.WriteLine(string.Join(" & ", new[]
            {
                result.Claim.Statement, result.Claim.Where, result.Paper, result.Ours, $"{result.Runs.Count}", result.Word,
            }.Select(Downloads.Latex.Escape)) + " \\\\");
        writer.WriteLine("\\bottomrule\n\\end{tabular}");
    }

    /// <summary>Three macros a claim: paper, ours, verdict; a value that does not exist says so in the text.</summary>
    public static void Macros(Report report, TextWriter writer)
    {
        writer.WriteLine($"% {report.Set.Id}: numbers of the report, so that a text cannot differ from it");
        foreach (var result in report.Results)
        {
            var name = MacroName(result.Claim.Id);
            writer.WriteLine($"\\newcommand{{\\claim{name}Paper}}{{{Downloads.Latex.Escape(result.Paper)}}}");
            var ours = result.Value is null ? "not run" : result.Ours;
            writer.WriteLine($"\\newcommand{{\\claim{name}Ours}}{{{Downloads.Latex.Escape(ours)}}}");
            writer.WriteLine($"\\newcommand{{\\claim{name}Verdict}}{{{Downloads.Latex.Escape(result.Word)}}}");
        }
    }

    /// <summary>TeX names hold letters only: digits are spelled, everything else begins a new word.</summary>
    public static string MacroName(string id)
    {
        var name = new StringBuilder();
        var capital = true;
        foreach (var c in id)
        {
            if (char.IsAsciiDigit(c)) name.Append(Digits[c - '0']);
            else if (char.IsAsciiLetter(c)) name.Append(capital ? char.ToUpperInvariant(c) : c);
            capital = !char.IsAsciiLetter(c);
        }
        return name.ToString();
    }

    static readonly string[] Digits = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
}
