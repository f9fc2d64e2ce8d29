namespace Harness.Results;

/// <summary>Something stored is not what was written: which run folder (relative to the store), which file in it, and what is
/// wrong.</summary>
public sealed record ResultProblem(string Folder, string File, string Message)
{
    public override string ToString() => $"{Folder}/{File}: {Message}";
}

/// <summary>A stored run cannot be trusted or read. <see cref="Problem"/> names the file.</summary>
public sealed class ResultDamagedException(ResultProblem problem, Exception? inner = null)
    : HarnessException($"{problem} Restore the file from a copy, or move the run folder out of the store and run the trial again.", inner)
{
    public ResultProblem Problem { get; } = problem;
}

/// <summary>A second coordinator tried to write into a store that has one already.</summary>
public sealed class ResultsLockedException(string message, Exception? inner = null) : HarnessException(message, inner);

/// <summary>A run could not be written; nothing of it was recorded.</summary>
public sealed class ResultNotStoredException(string message, Exception? inner = null) : HarnessException(message, inner);
