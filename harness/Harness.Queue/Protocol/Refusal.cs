namespace Harness.Queue.Protocol;

/// <summary>Why a coordinator refuses a request.</summary>
public enum Refusal
{
    Malformed, Oversized, NotEnrolled, Revoked, WrongToken, NotYours, Lost, BadName, Tampered, Unsigned, WrongSignature, WrongReply,
    Unavailable, NotAllowed,
}

/// <summary>A request that is refused, with the word for it and the reason.</summary>
public sealed class RefusedException(Refusal refusal, string message) : HarnessException(message)
{
    public Refusal Refusal { get; } = refusal;
    /// <summary>Whether the same request may succeed later.</summary>
    public bool MayPass => Refusal is Refusal.Unavailable;

    /// <summary>What somebody sent, as a message may show it: cut, and without control characters.</summary>
    internal static string Shown(string text) => string.Concat(text.Take(64).Select(letter => char.IsControl(letter) ? '·' : letter));
}
