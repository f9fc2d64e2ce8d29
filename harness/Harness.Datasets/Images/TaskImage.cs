namespace Harness.Datasets.Images;

/// <summary>An image that belongs to one of several tasks, which are learned one after the other.</summary>
/// <param name="Task">0-based, -1 when withheld; given at training time, and at test time only where the protocol says so.</param>
public sealed record TaskImage(LabeledImage Image, int Task) : ILabeled
{
    public int Label => Image.Label;
}
