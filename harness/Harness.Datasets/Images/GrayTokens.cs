namespace Harness.Datasets.Images;

/// <summary>
/// Images as the sequences of Long Range Arena's image task: gray values, row by row, as token ids 0..255. Gray is TensorFlow's
/// <c>rgb_to_grayscale</c>: 0.2989 R + 0.587 G + 0.114 B of values 0..1, scaled by 255.5 and cut down.
/// </summary>
public sealed class GrayTokens(IDataset<LabeledImage> source, string id, string title) : IDataset<TokenSequence>
{
    public DatasetCard Card { get; } = source.Card with
    {
        Id = id,
        Title = title,
        Encoding = "token ids [1024 position], gray value 0..255 of each pixel, row by row",
        Citation = "Tay et al.: Long Range Arena, ICLR 2021; " + source.Card.Citation,
        VariantOf = source.Card.Protocol,
        Parameters = new Dictionary<string, string> { ["gray"] = "0.2989 R + 0.587 G + 0.114 B", ["vocabulary"] = "256" },
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => source.FetchAsync(cache, cancellation);

    public IEnumerable<TokenSequence> Read(DirectoryInfo cache, Split split) => source.Read(cache, split).Select(Flatten);

    static TokenSequence Flatten(LabeledImage image)
    {
        var pixels = image.Pixels.Span;
        var plane = image.Height * image.Width;
        var tokens = new int[plane];
        for (var i = 0; i < plane; i++) tokens[i] = image.Channels == 1 ? pixels[i]
            : Gray(pixels[i], pixels[plane + i], pixels[2 * plane + i]);
        return new(tokens, image.Label);
    }

    internal static int Gray(byte red, byte green, byte blue)
    {
        const float Scale = 1f / 255;
        var gray = red * Scale * 0.2989f + green * Scale * 0.587f + blue * Scale * 0.114f;
        return Math.Clamp((int)(gray * 255.5f), 0, 255);
    }
}
