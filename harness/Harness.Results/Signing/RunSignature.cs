using System.Text;
using System.Text.Json;

namespace Harness.Results.Signing;

/// <summary><c>run.json.sig</c>: who vouches for the files of a run, and the signature over the list of their hashes.</summary>
sealed record RunSignature(string Algorithm, string KeyId, byte[] PublicKey, byte[] Signature)
{
    public const string FileName = "run.json.sig";
    const string Es256 = "ES256";

    /// <param name="list">The lines of artifacts.sha256 for every file but the signature.</param>
    public static byte[] Of(string list, SigningKey key)
    {
        var signature = new RunSignature(Es256, key.Public.Id, key.Public.Info, key.Sign(Encoding.UTF8.GetBytes(list)));
        return Encoding.UTF8.GetBytes(CanonicalJson.Write(signature) + "\n");
    }

    /// <summary>Null when the bytes are no signature.</summary>
    public static RunSignature? ReadOrNull(byte[] content)
    {
        try
        {
            var read = JsonSerializer.Deserialize<RunSignature>(content, CanonicalJson.Options);
            return read is { Algorithm: Es256, KeyId: not null, PublicKey: not null, Signature: not null } ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public PublicKey Key => new(PublicKey);

    public bool Covers(string list) => Key.Id == KeyId && Key.Confirms(Encoding.UTF8.GetBytes(list), Signature);
}
