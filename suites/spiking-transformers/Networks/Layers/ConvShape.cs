namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Sizes of a convolution.</summary>
/// <param name="Row">A kernel of one row, along a sequence.</param>
/// <param name="Pad">Zeros on each side along a padded axis; null for half of the kernel.</param>
sealed record ConvShape(int Inputs, int Outputs, int Kernel = 3, int Stride = 1, int Groups = 1, bool Bias = false, bool Row = false,
    int? Pad = null)
{
    int Edge => Pad ?? Kernel / 2;

    public int Taps => Row ? Kernel : Kernel * Kernel;
    public long[] Strides => Row ? [1, Stride] : [Stride, Stride];
    public long[] Padding => Row ? [0, Edge] : [Edge, Edge];

    /// <summary>One kernel of more than 3×3 for each channel, of maps that keep their size.</summary>
    public bool WideDepthwise => Groups == Inputs && Groups == Outputs && Kernel > 3 && Kernel % 2 == 1 && Stride == 1 && Pad is null
        && !Row && !Bias;

    /// <summary>3×3 over all channels, of maps that keep their size.</summary>
    public bool WholeSame => Groups == 1 && Kernel == 3 && Stride == 1 && Pad is null && !Row && !Bias;

    public Grid Places(Grid input) => new(Row ? input.Rows : Along(input.Rows), Along(input.Columns));

    int Along(int size) => (size + 2 * Edge - Kernel) / Stride + 1;

    /// <exception cref="HarnessException">Channels do not fall into so many groups.</exception>
    public ConvShape Checked(string layer) => Inputs % Groups == 0 && Outputs % Groups == 0 ? this
        : throw new HarnessException($"Layer {layer} has {Inputs} and {Outputs} channels, which cannot be split into {Groups} groups.");

    public override string ToString() => Row ? $"1×{Kernel}" : $"{Kernel}×{Kernel}";
}
