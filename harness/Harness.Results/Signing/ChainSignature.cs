using System.Text;
using System.Text.Json.Nodes;
using Harness.Results.Storage;

namespace Harness.Results.Signing;

/// <summary>
/// The signature of a chain line covers the hash of the line before it, so that a line cannot be taken out and the rest be linked
/// again without the key.
/// </summary>
static class ChainSignature
{
    public static ChainEntry Sign(ChainEntry entry, SigningKey key)
    {
        entry = entry with { Key = key.Public.Id, Signature = null };
        return entry with { Signature = Convert.ToBase64String(key.Sign(Encoding.UTF8.GetBytes(CanonicalJson.Write(entry)))) };
    }

    /// <summary>Checks the line as it is written, with members that this program does not know.</summary>
    public static bool Holds(string line, PublicKey key)
    {
        if (JsonNode.Parse(line) is not JsonObject members || members["signature"] is not JsonValue value
            || !value.TryGetValue<string>(out var signature)) return false;
        members.Remove("signature");
        return key.Confirms(CanonicalJson.Write(members), signature);
    }
}
