namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>What families that prune say of their methods.</summary>
static class BlockEquations
{
    public const string Text = """
        iCBS: minimise x^T Q x with sum x = k; x = 1 prunes; w -> w0 (1 - x)
        Q = 1/2 (w0 w0^T) * H + diag(w0 * (H d - a g + r (2 d + w0))), d = w - w0
        H = 1/N sum g_n g_n^T over gradients of samples, g their mean
        diagonal: H without its other entries; swaps: x drawn at random
        wanda: |w_ij| ||x_j||; sparse_gpt: w_j^2 / U_jj^2, w_k -= w_j U_jk / U_jj
        """;
}
