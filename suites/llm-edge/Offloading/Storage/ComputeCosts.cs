namespace Suites.LlmEdge.Offloading.Storage;

/// <summary>
/// Seconds of matrix-vector products on the virtual clock: weights over bandwidth, as decoding is bound by memory. Rows that are picked
/// out stream less well than neighbours.
/// </summary>
/// <param name="DenseBytesPerSecond">Of weights that lie one after another, one lane.</param>
/// <param name="SparseBytesPerSecond">Of single rows, one lane.</param>
/// <param name="Lanes">Clusters computed at a time.</param>
sealed record ComputeCosts(double DenseBytesPerSecond, double SparseBytesPerSecond, int Lanes = 1)
{
    /// <summary>Our reconstruction, fixed so that runs repeat: what one core of a laptop reads from memory, and three quarters
    /// of it.</summary>
    public static ComputeCosts Fixed { get; } = new(40e9, 30e9);

    // The engine's kernels share what they loaded of a row among four tokens.
    const int TokensPerPass = 4;

    /// <param name="tokens">Tokens computed at a time.</param>
    public double Dense(double bytes, int tokens = 1) => bytes / DenseBytesPerSecond * ((tokens + TokensPerPass - 1) / TokensPerPass);

    /// <summary>Of rows that one token needs.</summary>
    public double Sparse(double bytes) => bytes / SparseBytesPerSecond;
}
