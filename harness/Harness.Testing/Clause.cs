using System.Diagnostics.CodeAnalysis;

namespace Harness.Testing;

/// <summary>One sentence that a family must make true.</summary>
sealed class Clause(FamilyCard family, string text)
{
    /// <exception cref="ContractViolationException">It does not hold.</exception>
    public void Hold(bool holds, string problem)
    {
        if (!holds) throw Violation(problem);
    }

    public ContractViolationException Violation(string problem, Exception? inner = null) => new(family, text, problem, inner);

    /// <summary>Whatever a family throws where it should answer is a violation as well.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A plug-in may throw anything.")]
    public void Guard(Action check)
    {
        try { check(); }
        catch (Exception error) when (error is not ContractViolationException)
        {
            throw Violation($"it threw {error.GetType().Name}: {error.Message}", error);
        }
    }
}
