using Harness.Results.Signing;

namespace Harness.Results;

/// <summary>Whose signatures count.</summary>
/// <param name="Keys">With none, signatures are only checked to be consistent: anyone could have made them.</param>
/// <param name="Required">A run without a signature is a problem.</param>
public sealed record Trust(IReadOnlyList<PublicKey> Keys, bool Required = false)
{
    public static Trust None { get; } = new([]);

    internal bool Includes(PublicKey key) => Keys.Count == 0 || Keys.Contains(key);
}

/// <summary>What a verification found: every problem, how many runs were checked, and how many of them each key signed.</summary>
public sealed record VerificationReport(IReadOnlyList<ResultProblem> Problems, int Runs, int Unsigned,
    IReadOnlyDictionary<string, int> Signed);
