namespace Harness.Fuzzing;

/// <summary>A reader of files that strangers wrote, and valid contents from which damaged ones are made.</summary>
/// <param name="Seeds">Contents that the reader accepts.</param>
/// <param name="Read">Reads a whole content; what cannot be read must be refused by an error of the harness.</param>
public sealed record FuzzedReader(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Read);
