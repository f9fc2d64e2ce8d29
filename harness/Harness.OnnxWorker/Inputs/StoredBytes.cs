namespace Harness.OnnxWorker.Inputs;

static class StoredBytes
{
    /// <summary>0..255 as the same numbers in float32.</summary>
    public static void Widen(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (var at = 0; at < bytes.Length; at++) values[at] = bytes[at];
    }
}
