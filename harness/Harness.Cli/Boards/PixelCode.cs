namespace Harness.Cli.Boards;

/// <summary>How pixels enter a network, the same intensity in every step.</summary>
public enum PixelCode
{
    /// <summary>A spike with the probability of the intensity.</summary>
    Rate,
    /// <summary>The intensity itself, 0 to 1: a current, or a spike that carries it.</summary>
    Value,
}
