using System.Security.Cryptography;

namespace Harness.Queue.Blobs;

/// <summary>
/// Contents named by their SHA-256. What is stored under a name is that content, always: it is verified before it counts.
/// </summary>
public interface IBlobStore
{
    /// <summary>Whether the whole content is there.</summary>
    ValueTask<bool> HasAsync(string hash, CancellationToken cancellation);

    /// <summary>At most <paramref name="most"/> bytes from <paramref name="offset"/> on.</summary>
    /// <exception cref="HarnessException">The content is not there.</exception>
    ValueTask<byte[]> ReadAsync(string hash, long offset, int most, CancellationToken cancellation);

    /// <summary>
    /// Adds a piece; pieces of different <paramref name="owner"/>s do not mix. Repeating one is harmless, and one that does not follow
    /// what is there is not taken.
    /// </summary>
    /// <param name="owner">Who brings it, a plain name.</param>
    /// <param name="total">Length of the whole content.</param>
    /// <returns>How many bytes are there now: where the next piece begins, <paramref name="total"/> once the content is stored.</returns>
    /// <exception cref="BlobTamperedException">The whole content has another hash; its pieces are gone.</exception>
    ValueTask<long> WriteAsync(string owner, string hash, long total, long offset, ReadOnlyMemory<byte> piece,
        CancellationToken cancellation);
}

/// <summary>A content that is not what its name says.</summary>
public sealed class BlobTamperedException(string message) : HarnessException(message);

/// <summary>The names of contents.</summary>
public static class BlobHash
{
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static async ValueTask<string> OfAsync(FileInfo file, CancellationToken cancellation)
    {
        await using var stream = file.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    /// <exception cref="HarnessException">Not 64 lower-case hexadecimal digits: it could be a path.</exception>
    public static string Check(string hash) =>
        hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower) ? hash
            : throw new HarnessException("A content is named by its SHA-256, 64 lower-case hexadecimal digits.");
}
