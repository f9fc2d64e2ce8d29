using System.Text;

namespace Harness.Queue.Local;

/// <summary>Who may ask over a socket of this machine.</summary>
public enum LocalCaller { Device, Operator, Token }

/// <summary>What a caller answers to the challenge of a coordinator.</summary>
/// <param name="Name">Of the device, or the hash of the token.</param>
/// <param name="Signature">Of <see cref="Statement"/>, by the caller's key.</param>
sealed record LocalClaim(LocalCaller Caller, string Name, string Signature)
{
    public static byte[] Statement(LocalCaller caller, string name, ReadOnlySpan<byte> challenge) =>
        Encoding.UTF8.GetBytes($"local\n{caller}\n{name}\n{Convert.ToHexStringLower(challenge)}");
}
