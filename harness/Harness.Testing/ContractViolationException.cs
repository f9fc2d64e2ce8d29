namespace Harness.Testing;

/// <summary>A family does not keep what every family must: which family, which clause and, where one is to blame, which knob.</summary>
public sealed class ContractViolationException : Exception
{
    public ContractViolationException(FamilyCard family, string clause, string problem, Exception? inner = null)
        : base($"{Name(family)} breaks '{clause}': {problem}", inner) => (Family, Clause) = (Name(family), clause);

    /// <summary>The family as a trial names it: <c>id@version</c>.</summary>
    public string Family { get; }

    /// <summary>What every family must keep and this one does not, as a sentence.</summary>
    public string Clause { get; }

    /// <summary>The knob as a plan names it, e.g. <c>neuron.tau</c>.</summary>
    public string? Knob { get; init; }

    /// <summary>The offending value of the knob, as JSON; a nested record stands behind its kind.</summary>
    public string? Value { get; init; }

    static string Name(FamilyCard family) => $"{family.Id}@{family.Version}";
}
