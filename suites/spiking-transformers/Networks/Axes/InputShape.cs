namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>Places of a map: the tokens, row by row.</summary>
sealed record Grid(int Rows, int Columns)
{
    public int Tokens => Rows * Columns;

    /// <summary>After a 3x3 pool of stride 2 and padding 1, or a 3x3 convolution of stride 2.</summary>
    public Grid Halved => new((Rows + 1) / 2, (Columns + 1) / 2);

    public override string ToString() => $"{Rows}x{Columns}";
}

/// <summary>What a network is made for: channels over a grid of pixels; a sequence is one row.</summary>
sealed record InputShape(int Channels, Grid Grid)
{
    public bool IsSequence => Grid is { Rows: 1, Columns: > 1 };
}
