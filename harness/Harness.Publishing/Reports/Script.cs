using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

/// <summary>A script that runs the used runs again, at three scales.</summary>
static class Script
{
    public static void Write(Report report, Func<RunRecord, string> reproduce, TextWriter writer)
    {
        RunRecord[] used = [.. report.Attempts.Where(run => report.Used.Contains(run.RunId))];
        RunRecord[] reduced = [.. used.DistinctBy(run => (run.Trial.Family, run.Trial.Protocol, run.Trial.ConfigurationHash))];
        writer.WriteLine("#!/bin/sh");
        writer.WriteLine($"# Repeats the runs behind the report on {OneLine(report.Set.Title)}.");
        writer.WriteLine("# Usage, in a checkout of the harness: sh reproduce.sh smoke|reduced|full");
        writer.WriteLine("set -eu");
        writer.WriteLine("case \"${1:-smoke}\" in");
        Scale(writer, "smoke", used.OrderBy(run => run.Ended - run.Started).Take(1), reproduce);
        Scale(writer, "reduced", reduced, reproduce);
        Scale(writer, "full", used, reproduce);
        writer.WriteLine("*) echo \"reproduce.sh: '$1' is none of smoke, reduced, full\" >&2; exit 2 ;;");
        writer.WriteLine("esac");
    }

    static void Scale(TextWriter writer, string name, IEnumerable<RunRecord> runs, Func<RunRecord, string> reproduce)
    {
        writer.WriteLine($"{name})");
        var any = false;
        foreach (var run in runs)
        {
            any = true;
            writer.WriteLine($"# {OneLine(run.Trial.Family)} on {OneLine(run.Trial.Protocol)}, seed {run.Trial.Seed}, " +
                $"took {(run.Ended - run.Started).TotalSeconds:0} s");
            writer.WriteLine(reproduce(run));
        }
        if (!any) writer.WriteLine("echo 'No run answers a claim of this report yet.' >&2; exit 3");
        writer.WriteLine(";;");
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
