using System.ComponentModel;
using System.Diagnostics;

namespace Harness.Cli;

/// <summary>What a git repository says.</summary>
sealed class Git(string folder)
{
    public string Folder => folder;

    /// <summary>Standard output without the last line end; null when git is missing, or fails.</summary>
    public string? OutputOrNull(params string[] arguments)
    {
        try { return Run(arguments) is (0, var output, _) ? output : null; }
        catch (Win32Exception) { return null; }
    }

    /// <exception cref="HarnessException">Git is missing, or fails: what it said.</exception>
    public string Output(params string[] arguments)
    {
        try
        {
            var (code, output, error) = Run(arguments);
            return code == 0 ? output : throw new HarnessException($"git {string.Join(' ', arguments)} failed in {folder}: {error}");
        }
        catch (Win32Exception missing)
        {
            throw new HarnessException("git is needed and was not found in PATH.", missing);
        }
    }

    /// <summary>The full hash of a commit.</summary>
    /// <exception cref="HarnessException">There is no such commit.</exception>
    public string Commit(string reference) => OutputOrNull("rev-parse", "--verify", "--quiet", $"{reference}^{{commit}}")
        ?? throw new HarnessException($"'{reference}' is no commit of {folder}: give a branch, a tag or a hash that git knows; "
            + "a shallow clone may lack it (git fetch --unshallow).");

    /// <summary>The commits after <paramref name="good"/> up to <paramref name="bad"/>, oldest first; a merge counts as one.</summary>
    public IReadOnlyList<string> After(string good, string bad) =>
        Output("rev-list", "--reverse", "--first-parent", $"{good}..{bad}").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    (int Code, string Output, string Error) Run(string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd().TrimEnd();
        git.WaitForExit();
        return (git.ExitCode, output, error.GetAwaiter().GetResult().Trim());
    }
}
