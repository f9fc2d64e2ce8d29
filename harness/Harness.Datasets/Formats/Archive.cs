using System.IO.Compression;

namespace Harness.Datasets.Formats;

/// <summary>Reads entries of zip archives; no entry may unpack to more than a stated limit.</summary>
static class Archive
{
    const int MostEntryBytes = 1 << 30;

    /// <exception cref="DataFormatException">The entry is damaged or longer than <paramref name="limit"/> bytes.</exception>
    public static byte[] Content(ZipArchiveEntry entry, int limit = MostEntryBytes)
    {
        if (entry.Length > limit) throw new DataFormatException(entry.FullName, $"it unpacks to {entry.Length:N0} bytes; allowed are {limit:N0}");
        var content = new byte[entry.Length];
        try
        {
            using var packed = entry.Open();
            packed.ReadExactly(content);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(entry.FullName, $"it cannot be unpacked ({error.Message})", error);
        }
        return content;
    }
}
