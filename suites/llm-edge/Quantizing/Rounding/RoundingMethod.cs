namespace Suites.LlmEdge.Quantizing.Rounding;

/// <summary>How the numbers of a matrix are made few.</summary>
public enum RoundingMethod
{
    /// <summary>Each to the nearest point of a uniform grid.</summary>
    Nearest,
    /// <summary>Column by column to a uniform grid, later columns making good for earlier ones.</summary>
    Gptq,
    /// <summary>Up or down on a uniform grid, as is learned.</summary>
    AdaRound,
    /// <summary>To the nearest of 2^bits numbers, found by k-means.</summary>
    Codebook,
    /// <summary>To zero or plus or minus a power of two.</summary>
    PowersOfTwo,
    /// <summary>To zero or plus or minus one number; two bits, whatever is asked for.</summary>
    Ternary,
    /// <summary>To plus or minus one number; one bit, whatever is asked for.</summary>
    Binary,
}
