namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>What an attention is made for.</summary>
/// <param name="Scale">Factor of q k^T v.</param>
/// <param name="Threshold">Of the attention's own neurons.</param>
/// <param name="Bias">Of the projections to queries, keys and values.</param>
/// <param name="OutputBias">Of the projection of the result.</param>
sealed record AttentionShape(int Width, int Heads, double Scale, double Threshold, Grid Grid, bool Bias = true,
    bool OutputBias = true)
{
    public int HeadWidth => Width / Heads;
}
