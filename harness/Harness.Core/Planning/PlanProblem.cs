namespace Harness.Core.Planning;

/// <summary>One thing wrong with a plan: where, what, which value, what is allowed, and the nearest name where that helps.</summary>
public sealed record PlanProblem(PlanLocation At, string Message, string? Value, string? Allowed, string? Nearest = null)
{
    public override string ToString() => $"{At.File}:{At.Line}:{At.Column}: {Message}"
        + (Allowed is null ? "" : $"; allowed: {Allowed}") + (Nearest is null ? "" : $" (did you mean '{Nearest}'?)");
}

/// <summary>A plan that cannot run; carries all its problems, in file order.</summary>
public sealed class PlanException(IReadOnlyList<PlanProblem> problems)
    : HarnessException($"The plan has {problems.Count} problem{(problems.Count == 1 ? "" : "s")}:\n{string.Join('\n', problems)}")
{
    public IReadOnlyList<PlanProblem> Problems { get; } = problems;
}
