namespace Harness.Datasets.Text;

/// <summary>A text to be modelled, UTF-8 bytes, axis [byte].</summary>
public sealed record TextSample(ReadOnlyMemory<byte> Utf8);
