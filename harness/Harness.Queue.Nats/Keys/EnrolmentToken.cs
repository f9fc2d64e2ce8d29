using System.Security.Cryptography;
using System.Text;

namespace Harness.Queue.Nats.Keys;

/// <summary>
/// What a person carries to a new device: a key that may only ask to enrol, and the fingerprint of the authority that the coordinator's
/// certificate must come from. Whoever has the text can enrol one device, once.
/// </summary>
/// <param name="Authority">SHA-256 of the authority's certificate, hexadecimal; <c>plain</c> where the coordinator speaks plainly.</param>
public sealed record EnrolmentToken(DeviceKey Key, string Authority)
{
    public const string Plain = "plain";

    /// <summary>The name of a token in subjects and logs; it says nothing of the secret.</summary>
    public static string HashOf(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(publicKey)))[..32];

    public string Hash => HashOf(Key.Public);

    public string Text => $"{Key.Seed}.{Authority}";

    /// <exception cref="HarnessException">Not the text of a token.</exception>
    public static EnrolmentToken Parse(string text) => text.Trim().Split('.') is [var seed, var authority]
        && (authority == Plain || (authority.Length == 64 && authority.All(char.IsAsciiHexDigitLower)))
        ? new(DeviceKey.FromSeed(seed), authority)
        : throw new HarnessException("The token is incomplete: give the whole text that `harness device token` printed.");

    // The seed must not come into logs by accident.
    public override string ToString() => $"token {Hash}";
}
