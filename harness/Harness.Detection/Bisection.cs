namespace Harness.Detection;

/// <summary>Whether a commit has the regression; unknown when it cannot be built or measured.</summary>
public enum CommitState { Good, Bad, Unknown }

/// <summary>Where a regression came in.</summary>
/// <param name="Good">The last commit known to be good.</param>
/// <param name="FirstBad">The first commit known to be bad.</param>
/// <param name="Between">Commits between the two that could not be judged: the culprit is the first bad one or one of these.</param>
/// <param name="Tested">How many commits were measured.</param>
public sealed record BisectionResult(string Good, string FirstBad, IReadOnlyList<string> Between, int Tested);

/// <summary>Binary search for the first bad commit; one that cannot be judged is stepped round, as git does.</summary>
public static class Bisection
{
    /// <param name="good">A commit that is good.</param>
    /// <param name="after">The commits after it, oldest first; the last one is bad.</param>
    public static async Task<BisectionResult> FindAsync(string good, IReadOnlyList<string> after, Func<string, Task<CommitState>> test)
    {
        if (after.Count == 0) throw new ArgumentException("There is no commit after the good one.", nameof(after));
        string[] commits = [good, .. after];
        var unknown = new HashSet<int>();
        var (low, high, tested) = (0, commits.Length - 1, 0);
        while (Middle(low, high, unknown) is { } middle)
        {
            tested++;
            switch (await test(commits[middle]))
            {
                case CommitState.Good: low = middle; break;
                case CommitState.Bad: high = middle; break;
                default: unknown.Add(middle); break;
            }
        }
        return new(commits[low], commits[high], commits[(low + 1)..high], tested);
    }

    // The untested commit nearest to the middle.
    static int? Middle(int low, int high, HashSet<int> unknown)
    {
        var middle = (low + high) / 2.0;
        return Enumerable.Range(low + 1, high - low - 1).Where(commit => !unknown.Contains(commit))
            .OrderBy(commit => Math.Abs(commit - middle)).Cast<int?>().FirstOrDefault();
    }
}
