using System.Security.Cryptography;
using System.Text;

namespace Harness.Results.Signing;

/// <summary>A key that signatures are checked with. <see cref="Id"/> is the first 16 hexadecimal digits of its sha-256.</summary>
/// <param name="Info">SubjectPublicKeyInfo in DER form.</param>
public sealed record PublicKey(byte[] Info)
{
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Info))[..16];

    public bool Equals(PublicKey? other) => other is not null && Info.AsSpan().SequenceEqual(other.Info);
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <summary>The form that is given to others who are to trust it.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", Info) + "\n";

    /// <exception cref="HarnessException">The text is no public key over P-256.</exception>
    public static PublicKey FromPem(string text, string origin)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return new(key.ExportSubjectPublicKeyInfo());
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new HarnessException($"'{origin}' is not a public key in PEM form: {error.Message} `harness key` prints yours.", error);
        }
    }

    /// <summary>False also when the key or the signature is malformed.</summary>
    public bool Confirms(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Info, out _);
            return key.KeySize == 256 && key.VerifyData(content, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public bool Confirms(string content, string signature)
    {
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && Confirms(Encoding.UTF8.GetBytes(content), bytes.AsSpan(0, length));
    }
}
