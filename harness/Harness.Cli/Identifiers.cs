using System.Security.Cryptography;

namespace Harness.Cli;

/// <summary>Names that sort by time: ULIDs (48 bits of milliseconds, 80 random bits, Crockford base 32).</summary>
static class Identifiers
{
    /// <summary>Characters of a ULID.</summary>
    public const int UlidLength = 26;

    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Ulid(DateTimeOffset at)
    {
        Span<char> text = stackalloc char[UlidLength];
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var i = 9; i >= 0; i--, milliseconds >>= 5) text[i] = Alphabet[(int)(milliseconds & 31)];
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        for (var i = 0; i < 16; i++) text[10 + i] = Alphabet[random[i] & 31];
        return new string(text);
    }

    /// <summary>A session is named by its time and its plan, e.g. <c>20261124t031502z-mnist-7k2f</c>.</summary>
    public static string Session(DateTimeOffset at, string plan) =>
        $"{at.UtcDateTime:yyyyMMdd't'HHmmss'z'}-{plan}-{Ulid(at)[^4..].ToLowerInvariant()}";
}
