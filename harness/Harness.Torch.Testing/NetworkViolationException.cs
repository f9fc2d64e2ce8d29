namespace Harness.Torch.Testing;

/// <summary>A network does not keep a clause of <see cref="NetworkContract"/>.</summary>
public sealed class NetworkViolationException : Exception
{
    public NetworkViolationException() { }

    public NetworkViolationException(string message) : base(message) { }

    public NetworkViolationException(string message, Exception inner) : base(message, inner) { }

    internal NetworkViolationException(string network, string clause, string problem)
        : this($"{network}: {clause} — but {problem}") => Clause = clause;

    /// <summary>What a network must do.</summary>
    public string? Clause { get; }
}
