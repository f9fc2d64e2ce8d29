using System.Text.RegularExpressions;

namespace Harness.Publishing.Text;

/// <summary>Command lines that a reader may paste into a POSIX shell.</summary>
static partial class Commands
{
    /// <summary>Checks out the run's commit and runs its trial alone.</summary>
    public static string Repeat(RunRecord run)
    {
        var lines = new List<string>();
        if (run.Provenance.Commit.Length > 0) lines.Add($"git checkout {Quote(run.Provenance.Commit)}");
        lines.Add($"harness run --plan {Quote(run.Provenance.Plan)} --only {Quote(run.TrialId)}");
        return string.Join('\n', lines);
    }

    /// <summary>One word for the shell, whatever it holds.</summary>
    public static string Quote(string word) => Safe().IsMatch(word) ? word : "'" + word.Replace("'", "'\\''") + "'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:@=+,%-]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Safe();
}
