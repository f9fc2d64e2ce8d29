namespace Suites.SpikingTransformers.Networks;

/// <summary>The sizes that a spiking transformer and its non-spiking twin share.</summary>
/// <param name="Width">Features of a token; a multiple of 8 and of <paramref name="Heads"/>.</param>
/// <param name="MlpRatio">Width of the hidden layer of each block over <paramref name="Width"/>.</param>
sealed record TransformerShape(int Channels, int Classes, int Width, int Depth, int Heads, int MlpRatio);

static class Transformers
{
    /// <exception cref="ArgumentException">An eighth of the width is no whole number, or the heads cannot be of equal width.</exception>
    public static int Checked(int width, int heads) => width % 8 == 0 && heads > 0 && width % heads == 0 ? width
        : throw new ArgumentException($"width {width} must be a multiple of 8 and of heads ({heads}).", nameof(width));
}
