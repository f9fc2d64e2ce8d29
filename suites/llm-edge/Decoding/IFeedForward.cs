namespace Suites.LlmEdge.Decoding;

/// <summary>Computes feed-forward layers in the decoder's stead when tokens come one at a time.</summary>
interface IFeedForward
{
    /// <param name="x">Normed input [width].</param>
    /// <param name="sums">Takes the layer's output [width].</param>
    void One(int layer, ReadOnlySpan<float> x, Span<float> sums);

    /// <summary>Is told that the decoder itself computed several tokens at once.</summary>
    void Several(int layer, int tokens);
}
