namespace Harness.Datasets.Events;

/// <summary>A recording and images of which one shows what it says.</summary>
/// <param name="Images">One image of the same class in training, else one of each class that is asked about.</param>
/// <param name="Label">Place of the right image; -1 when withheld.</param>
/// <param name="Seen">Whether training had the class.</param>
public sealed record SoundWithImages(FrameSequence Sound, IReadOnlyList<LabeledImage> Images, int Label, bool Seen) : ILabeled;
