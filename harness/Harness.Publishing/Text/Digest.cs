using System.Security.Cryptography;
using System.Text;

namespace Harness.Publishing.Text;

/// <summary>A short name for content: the first 16 hexadecimal digits of a SHA-256.</summary>
static class Digest
{
    public static string Of(params ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> separator = [0];
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part ?? "\u0001"));
            hash.AppendData(separator);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    public static string Of(IEnumerable<string?> parts) => Of([.. parts]);
}
