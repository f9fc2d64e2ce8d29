namespace Suites.LlmEdge.Bench;

/// <summary>How queries come, in the terms of MLPerf inference (Reddi et al., ISCA 2020).</summary>
public enum LoadScenario
{
    /// <summary>The next one as soon as the last is answered.</summary>
    SingleStream,
    /// <summary>All at the start.</summary>
    Offline,
    /// <summary>At random, independent of each other: a Poisson process.</summary>
    Server,
}
